package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.Lane;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.Packer;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort;
import net.voltlane.server.session.ClientPort.Detach;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's link from the moment at which a session was asked for. Cuts what comes into frames and tags them for the
 * master; offers what is to go out to the socket. Belongs to its client loop; {@link LinkPort} is its end on the session
 * loop.
 */
final class ClientLink extends ChannelInboundHandlerAdapter implements Lane.Receiver {
    private static final Logger log = LoggerFactory.getLogger(ClientLink.class);
    /** How often a link that delivers its last may show progress instead of being done, each time for as long as a close may take. */
    private static final int MAX_DELIVERY_EXTENSIONS = 5;
    /** What may come behind a handshake before it is done. */
    static final int MAX_EARLY_BYTES = 64 * 1024;

    private enum State {
        /** A session was asked for; nothing is read. */
        JOINING,
        /** It is there. */
        LIVE,
        /** Lost, or in breach: told so, and waiting to be detached. What is delivered is kept. */
        LEAVING,
        /** Detached, delivering what was queued before. */
        DELIVERING,
        /** Nothing is read, kept or sent any more. */
        DONE
    }

    private final ClientLoop loop;
    private final SessionDoor door;
    private final Channel channel;
    private final LinkReads reads;
    private final LinkPort port;
    private final SendQueue queue;

    private State state = State.JOINING;
    private long id;
    /** Behind the handshake or, while live, an unfinished frame. */
    private @Nullable ByteBuf partial;
    /** The session loop knows that this link's data is on its way to the master. */
    private boolean spoke;

    private boolean queuedForFlush;
    private boolean overflowed;
    /** Partial and queue, for the session loop to compare; written here only. */
    private volatile long heldBytes;

    private int chargedBytes;

    private Deadlines<ClientLink>.@Nullable Entry deadline;
    private int deliveryExtensions;
    private long undelivered;

    ClientLink(ClientLoop loop, SessionDoor door, Channel channel, LinkReads reads, @Nullable ByteBuf early) {
        this.reads = reads;
        this.loop = loop;
        this.door = door;
        this.channel = channel;
        partial = early;
        queue = new SendQueue(channel, loop.allocator, (buf, frame) -> true, loop.budget, this::taken);
        port = new LinkPort(this);
        charge();
    }

    ClientLoop loop() {
        return loop;
    }

    Channel channel() {
        return channel;
    }

    ClientPort port() {
        return port;
    }

    long heldBytes() {
        return heldBytes;
    }

    // ---- what the session says ----

    void opened(long newId) {
        id = newId;
        channel.write(Unpooled.wrappedBuffer(HandshakeCodec.frame(new ClientId(newId))), channel.voidPromise());
        channel.flush();
        live();
    }

    void resumed(long resumedId, List<ByteBuf> missed) {
        id = resumedId;
        spoke = true; // Reconnection has spoken for it
        channel.write(Unpooled.wrappedBuffer(HandshakeCodec.frame(new Ping())), channel.voidPromise());
        missed.forEach(queue::addUncounted);
        flush();
        channel.flush();
        live();
    }

    void refused() {
        if (state == State.JOINING || state == State.LEAVING) {
            done();
            loop.linger(channel);
        }
    }

    /** Ends the link; the answer is the last that the session hears of it. */
    void detach(Detach how) {
        dropPartial();
        if (how == Detach.DELIVER && channel.isActive()) {
            door.detached(this, List.of());
            state = State.DELIVERING;
            channel.config().setAutoRead(true); // discards: a peer stuck in a write would never read what it is to get
            undelivered = queue.remainingBytes();
            deadline = loop.delivering.add(loop.nanoClock.getAsLong(), this);
            flush();
            return;
        }
        loop.linger(channel); // from now on the socket takes nothing
        List<ByteBuf> leftovers = queue.takeBack();
        if (how != Detach.GIVE_BACK) {
            leftovers.forEach(ByteBuf::release);
            leftovers = List.of();
        }
        done();
        door.detached(this, leftovers);
    }

    @Override
    public void frames(ByteBuf frames) {
        if (state == State.DONE || state == State.DELIVERING) {
            frames.release(); // only a packet that crossed the end of its session
            return;
        }
        queue.add(frames);
        if (!queuedForFlush) {
            queuedForFlush = true;
            loop.flushLater(this);
        }
    }

    // ---- sending ----

    void flush() {
        queuedForFlush = false;
        queue.flush();
        afterSending();
    }

    /** A full queue's socket has taken what it was offered. */
    private void taken() {
        afterSending();
    }

    private void afterSending() {
        publishHeld();
        if (state == State.LIVE) {
            checkBounds();
        } else if (state == State.DELIVERING && queue.isEmpty()) {
            done();
            loop.linger(channel);
        }
    }

    private void checkBounds() {
        if (!queue.isFull() && !overflowed) {
            return;
        }
        long packets = queue.waitingPackets();
        long bytes = queue.waitingBytes();
        EdgeSettings settings = loop.settings;
        if (overflowed) {
            if (settings.blocksOnOverflow()
                    && packets <= settings.channelPackets() / 2
                    && bytes <= settings.channelBytes() / 2) {
                overflowed = false;
                door.unblocked(this);
            }
        } else if (packets > 1 && (packets > settings.channelPackets() || bytes > settings.channelBytes())) {
            overflowed = true;
            if (settings.blocksOnOverflow()) {
                door.blocked(this);
            } else {
                loop.faults.warn("session ended: its client does not read");
                door.violated(this, Reason.BUFFER_OVERFLOW);
            }
        }
    }

    /** Called each time that the deadline of a delivery passes: a client that reads on, however slowly, gets more time. */
    void deliveringForLong() {
        long now = queue.remainingBytes();
        if (now < undelivered && deliveryExtensions++ < MAX_DELIVERY_EXTENSIONS) {
            undelivered = now;
            deadline = loop.delivering.add(loop.nanoClock.getAsLong(), this);
            return;
        }
        giveUp();
    }

    /** Drops what is still to be delivered, and the link. */
    void giveUp() {
        loop.counters.count(Metric.LINKS_RESET);
        done();
        LingeringClose.reset(channel);
    }

    // ---- receiving ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (state == State.LIVE) {
                cut(in);
                loop.up.postIfLarge();
            } else if (state == State.JOINING) {
                hold(in, 0);
            }
            if (isTooMuchWhilePaused()) {
                ctx.close();
            }
        } finally {
            in.release();
        }
    }

    /**
     * A peer's FIN makes the transport read all that has come, paused or not. That is taken as long as there is plenty of
     * room; then the link goes, with what the kernel still holds of it.
     */
    private boolean isTooMuchWhilePaused() {
        if (channel.config().isAutoRead()) {
            return false;
        }
        boolean early = state == State.JOINING && partial != null && partial.readableBytes() > MAX_EARLY_BYTES;
        return early || loop.budget.heldBytes() > loop.budget.limitBytes() / 2;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state == State.LIVE && loop.isHeldBack() && channel.config().isAutoRead()) {
            loop.pause(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        switch (state) {
            case JOINING, LIVE -> {
                state = State.LEAVING;
                loop.forget(this);
                dropPartial();
                door.lost(this);
            }
            case DELIVERING -> done();
            case LEAVING, DONE -> {}
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("client link {}: {}", Long.toUnsignedString(id), cause.toString());
        ctx.close();
    }

    void resumeReading() {
        if (state == State.LIVE) {
            channel.config().setAutoRead(true);
        }
    }

    private void live() {
        if (state != State.JOINING) {
            return; // lost while it was asked for
        }
        state = State.LIVE;
        reads.source(loop.liveReads);
        ByteBuf early = partial;
        partial = null;
        if (early != null) {
            cut(early);
            early.release();
            charge();
        }
        if (state == State.LIVE) {
            channel.config().setAutoRead(true);
        }
    }

    /** Cuts frames in place; what is left at the end is kept until the rest of it comes. */
    private void cut(ByteBuf in) {
        if (partial != null && !complete(in)) {
            return;
        }
        int index = in.readerIndex();
        int end = in.writerIndex();
        int max = loop.settings.maxFrameBytes();
        int packets = 0;
        long bytes = 0;
        boolean tooLarge = false;
        while (end - index >= Frame.PREFIX_BYTES) {
            int length = in.getIntLE(index);
            if (length < 0 || length > max) {
                tooLarge = true;
                break;
            }
            if (end - index - Frame.PREFIX_BYTES < length) {
                break;
            }
            forward(in, index + Frame.PREFIX_BYTES, length);
            packets++;
            bytes += length;
            index += Frame.PREFIX_BYTES + length;
        }
        loop.counters.add(Metric.PACKETS_UP, packets);
        loop.counters.add(Metric.BYTES_UP, bytes);
        if (tooLarge) {
            violated();
        } else if (index < end) {
            in.readerIndex(index);
            hold(in, end - index >= Frame.PREFIX_BYTES ? in.getIntLE(index) : 0);
        }
    }

    /** Feeds the unfinished frame; false when it still is unfinished, or the link is in breach. */
    private boolean complete(ByteBuf in) {
        ByteBuf unfinished = partial;
        assert unfinished != null;
        while (true) {
            int have = unfinished.readableBytes();
            int need = Frame.PREFIX_BYTES;
            int length = 0;
            if (have >= Frame.PREFIX_BYTES) {
                length = unfinished.getIntLE(unfinished.readerIndex());
                if (length < 0 || length > loop.settings.maxFrameBytes()) {
                    violated();
                    return false;
                }
                need += length;
                if (have == need) {
                    forward(unfinished, unfinished.readerIndex() + Frame.PREFIX_BYTES, length);
                    loop.counters.count(Metric.PACKETS_UP);
                    loop.counters.add(Metric.BYTES_UP, length);
                    dropPartial();
                    return true;
                }
            }
            int some = Math.min(need - have, in.readableBytes());
            if (some == 0) {
                charge();
                return false;
            }
            // Grows with what has come, never by what was announced.
            unfinished.writeBytes(in, some);
        }
    }

    private void forward(ByteBuf in, int index, int length) {
        if (!spoke) {
            spoke = true;
            loop.toMaster.cut(); // the session must know before the master can
            door.spoke(this);
        }
        if (length < Packer.SLICE_BYTES) {
            ByteBuf out = loop.toMaster.room(Tag.FRAME_HEADER_BYTES + length);
            header(out, length).writeBytes(in, index, length);
        } else {
            ByteBuf header = header(loop.allocator.directBuffer(Tag.FRAME_HEADER_BYTES), length);
            loop.toMaster.pass(loop.allocator
                    .compositeDirectBuffer(2)
                    .addComponents(true, header, in.retainedSlice(index, length)));
        }
    }

    private ByteBuf header(ByteBuf out, int length) {
        return out.writeIntLE(Tag.BYTES + length).writeLongLE(id).writeByte(Flag.DATA.code());
    }

    /** Keeps what is left of {@code in}; {@code announced} is the length of the frame that it begins, 0 if not known. */
    private void hold(ByteBuf in, int announced) {
        ByteBuf unfinished = partial;
        if (unfinished == null) {
            int whole = Frame.PREFIX_BYTES + announced;
            unfinished = loop.allocator.directBuffer(Math.max(Math.min(whole, 2 * in.readableBytes()), 16));
            partial = unfinished;
        }
        unfinished.writeBytes(in);
        charge();
    }

    private void violated() {
        dropPartial();
        state = State.LEAVING;
        channel.config().setAutoRead(false);
        loop.faults.warn("session ended: a frame over " + loop.settings.maxFrameBytes() + " bytes");
        door.violated(this, Reason.FRAME_TOO_LARGE);
    }

    private void dropPartial() {
        if (partial != null) {
            partial.release();
            partial = null;
            charge();
        }
    }

    // ---- the end ----

    private void done() {
        state = State.DONE;
        loop.forget(this);
        dropPartial();
        queue.release();
        publishHeld();
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private void charge() {
        int now = partial == null ? 0 : partial.capacity();
        loop.budget.charge(now - chargedBytes);
        chargedBytes = now;
        publishHeld();
    }

    private void publishHeld() {
        long now = chargedBytes + queue.chargedBytes();
        if (now != heldBytes) {
            heldBytes = now;
        }
    }
}
