package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.guard.Visit;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.Lane;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort;
import net.voltlane.server.session.ClientPort.Detach;
import org.jspecify.annotations.Nullable;

/**
 * One client's link from the moment at which a session was asked for. Cuts what comes into frames and tags them for the
 * master; {@link LinkOutput} is what goes out. Belongs to its client loop; {@link LinkPort} is its end on the session loop.
 */
final class ClientLink extends ChannelInboundHandlerAdapter implements FrameCutter.Sink {
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
    private final Visit visit;
    private final LinkPort port;
    private final FrameCutter cutter;
    private final LinkOutput output;

    private State state = State.JOINING;
    private long id;
    /** What came behind the handshake; it waits until the session is there. */
    private @Nullable ByteBuf early;
    /** The session loop knows that this link's data is on its way to the master. */
    private boolean spoke;

    private boolean comeBack;

    /** Of the read under way. */
    private int takenPackets;

    private long takenBytes;

    /** Where what it sends has a limit: how fast it does. */
    private @Nullable LinkPace pace;
    /** The loop's {@link LinkWatch}'s own; below 0: not there. */
    int placeInWatch = -1;

    /** What is held of what came, for the session loop to compare; written here only. */
    private volatile long heldBytes;

    private int chargedBytes;

    private Deadlines<ClientLink>.@Nullable Entry deadline;
    private int deliveryExtensions;
    private long undelivered;

    ClientLink(
            ClientLoop loop, SessionDoor door, Channel channel, LinkReads reads, Visit visit, @Nullable ByteBuf early) {
        this.reads = reads;
        this.visit = visit;
        this.loop = loop;
        this.door = door;
        this.channel = channel;
        this.early = early;
        cutter = new FrameCutter(loop.settings.maxFrameBytes(), loop.allocator, loop.budget, this);
        output = new LinkOutput(this, door);
        port = new LinkPort(this);
        charge();
    }

    ClientLoop loop() {
        return loop;
    }

    Channel channel() {
        return channel;
    }

    Visit visit() {
        return visit;
    }

    ClientPort port() {
        return port;
    }

    LinkOutput output() {
        return output;
    }

    /** Both ways; the session loop asks. */
    long heldBytes() {
        return heldBytes + output.heldBytes();
    }

    // ---- what the session says ----

    void opened(long newId) {
        id = newId;
        channel.write(Unpooled.wrappedBuffer(HandshakeCodec.frame(new ClientId(newId))), channel.voidPromise());
        channel.flush();
        output.expectAnswer();
        live();
    }

    void resumed(long resumedId, List<ByteBuf> missed) {
        id = resumedId;
        spoke = true; // Reconnection has spoken for it
        comeBack = true;
        channel.write(Unpooled.wrappedBuffer(HandshakeCodec.frame(new Ping())), channel.voidPromise());
        output.missed(missed);
        channel.flush();
        live();
    }

    void refused() {
        if (state == State.JOINING || state == State.LEAVING) {
            done();
            channel.flush(); // the handshake's answers
            loop.linger(channel);
        }
    }

    /** A limit stands against the resume that it asked for. */
    void overLimit(Metric limit) {
        done();
        loop.refuse(channel, visit, limit);
    }

    /** Ends the link; the answer is the last that the session hears of it. */
    void detach(Detach how) {
        dropUnread();
        output.end();
        if (how == Detach.DELIVER && channel.isActive()) {
            door.detached(this, List.of());
            state = State.DELIVERING;
            loop.forget(this);
            channel.config().setAutoRead(true); // discards: a peer stuck in a write would never read what it is to get
            undelivered = output.remainingBytes();
            deadline = loop.delivering.add(loop.nanoClock.getAsLong(), this);
            output.flush();
            return;
        }
        loop.linger(channel); // from now on the socket takes nothing
        List<ByteBuf> leftovers = output.takeBack();
        if (how != Detach.GIVE_BACK) {
            leftovers.forEach(ByteBuf::release);
            leftovers = List.of();
        }
        done();
        door.detached(this, leftovers);
    }

    /**
     * Sending failed for a fault of ours. Nobody knows any more what of it the socket has: the session ends, and the master
     * is told.
     */
    void broken() {
        if (state == State.LIVE) {
            violated(Reason.MEMORY_LIMIT, "an internal error");
        }
        LingeringClose.reset(channel);
    }

    /** The client has taken the last of what was queued for it. */
    void allSent() {
        if (state == State.DELIVERING) {
            done();
            loop.linger(channel);
        }
    }

    boolean isLive() {
        return state == State.LIVE;
    }

    /** False once it is ending. */
    boolean isUp() {
        return state == State.JOINING || state == State.LIVE;
    }

    /** Its client acknowledged nothing for too long. */
    void vanished() {
        loop.counters.count(Metric.CLIENT_PEER_UNACKNOWLEDGED);
        loop.faults.warn(
                "link lost: its client acknowledged nothing for "
                        + TimeUnit.NANOSECONDS.toSeconds(loop.settings.peerTimeoutNanos()) + " s",
                visit.from());
        LingeringClose.reset(channel); // a FIN would wait in the kernel behind what nobody takes
        if (isUp()) {
            lost(); // at once: what comes until the channel says so itself must not overflow
        }
    }

    /** Called each time that the deadline of a delivery passes: a client that reads on, however slowly, gets more time. */
    void deliveringForLong() {
        long now = output.remainingBytes();
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
        boolean forced = isUp() && !channel.config().isAutoRead();
        try {
            if (forced && loop.watch.isPaused(this) && !loop.watch.isExcused(this)) {
                ctx.close(); // more than it may send, and nothing left to hold back
            } else if (state == State.LIVE) {
                int bytes = in.readableBytes();
                cut(in);
                loop.up.postIfLarge();
                if (loop.isWatching) {
                    watch(bytes);
                }
            } else if (state == State.JOINING) {
                keepEarly(in);
            }
            if (forced && isTooMuch()) {
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
    private boolean isTooMuch() {
        boolean tooEarly = early != null && early.readableBytes() > MAX_EARLY_BYTES;
        return tooEarly || loop.budget.heldBytes() > loop.budget.limitBytes() / 2;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state == State.LIVE && loop.isHeldBack() && channel.config().isAutoRead()) {
            loop.pause(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (isUp()) {
            lost();
        } else if (state == State.DELIVERING) {
            done();
        }
    }

    /** It waits to be detached. */
    private void lost() {
        boolean joining = state == State.JOINING;
        state = State.LEAVING;
        loop.forget(this);
        if (!joining) {
            dropUnread();
        } // else the session's answer is on its way, and what came behind the handshake is heard then
        door.lost(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        loop.faults.thrown("the link of client " + Long.toUnsignedString(id), cause);
        if (isUp() && Keepalive.gaveUp(cause)) {
            loop.counters.count(Metric.CLIENT_PEER_QUIET);
        }
        ctx.close();
    }

    void resumeReading() {
        if (state == State.LIVE && !loop.watch.isPaused(this)) {
            channel.config().setAutoRead(true);
        }
    }

    // ---- how fast

    /** What was just cut was so much. */
    private void watch(int bytes) {
        if (state != State.LIVE) {
            return; // in breach of something else
        }
        LinkPace current = pace == null ? beginPace() : pace;
        if (loop.watch.isOver(current, takenPackets, bytes) && loop.watch.pause(this)) {
            loop.counters.count(Metric.LINKS_PAUSED);
            channel.config().setAutoRead(false);
        }
    }

    LinkPace beginPace() {
        LinkPace begun = loop.watch.begin(this);
        pace = begun;
        return begun;
    }

    /** It came back to its session: what it could have sent on its last link is not given to it again. */
    boolean hasComeBack() {
        return comeBack;
    }

    /** It sent more than it may, and nobody but its client is to blame. */
    void isTooFast() {
        if (state == State.LIVE) {
            violated(Reason.RATE_LIMIT, "more than it may send in a second");
        }
    }

    /** Null where nobody watched it so far. */
    @Nullable
    LinkPace pace() {
        return pace;
    }

    boolean isReading() {
        return state == State.LIVE && channel.config().isAutoRead();
    }

    void mayReadAgain() {
        loop.resume(this);
    }

    /** Its client sent nothing for as long as it may: the link goes, its session stays. */
    void silentForLong() {
        if (state == State.LIVE) {
            loop.counters.count(Metric.LINKS_IDLE);
            loop.faults.warn("link closed: its client sent nothing for limits.idle_timeout_secs", visit.from());
            channel.close();
        }
    }

    private void live() {
        boolean lost = state != State.JOINING; // while it was asked for: what it had sent by then is heard all the same
        if (!lost) {
            state = State.LIVE;
            loop.watch.joins(this);
            reads.source(loop.liveReads);
        }
        ByteBuf first = early;
        early = null;
        int bytes = 0;
        if (first != null) {
            bytes = first.readableBytes();
            cut(first);
            first.release();
            charge();
        }
        if (lost) {
            cutter.release();
            publishHeld();
            return;
        }
        if (loop.isWatching) {
            watch(bytes);
        }
        if (state == State.LIVE) {
            loop.resume(this);
        }
    }

    private void cut(ByteBuf in) {
        takenPackets = 0;
        takenBytes = 0;
        boolean understood = cutter.cut(in);
        loop.counters.add(Metric.PACKETS_UP, takenPackets);
        loop.counters.add(Metric.BYTES_UP, takenBytes);
        publishHeld();
        if (!understood) {
            violated(Reason.FRAME_TOO_LARGE, "a frame over " + loop.settings.maxFrameBytes() + " bytes");
        }
    }

    /** Tags a packet for the master. */
    @Override
    public void frame(ByteBuf in, int index, int length) {
        takenPackets++;
        takenBytes += length;
        if (!spoke) {
            spoke = true;
            door.spoke(this); // the session must know before the master can
        }
        if (length < Lane.SLICE_BYTES) {
            ByteBuf out = loop.up.room(loop.toMaster, Tag.FRAME_HEADER_BYTES + length);
            header(out, length).writeBytes(in, index, length);
        } else {
            ByteBuf header = header(loop.allocator.directBuffer(Tag.FRAME_HEADER_BYTES), length);
            loop.up.pass(
                    loop.toMaster,
                    loop.allocator
                            .compositeDirectBuffer(2)
                            .addComponents(true, header, in.retainedSlice(index, length)));
        }
    }

    private ByteBuf header(ByteBuf out, int length) {
        return out.writeIntLE(Tag.BYTES + length).writeLongLE(id).writeByte(Flag.DATA.code());
    }

    private void violated(Reason reason, String how) {
        dropUnread();
        state = State.LEAVING;
        channel.config().setAutoRead(false);
        loop.faults.warn("session ended: " + how, visit.from());
        door.violated(this, reason);
    }

    private void keepEarly(ByteBuf in) {
        if (early == null) {
            early = loop.allocator.directBuffer(in.readableBytes());
        }
        early.writeBytes(in);
        charge();
    }

    private void dropUnread() {
        cutter.release();
        if (early != null) {
            early.release();
            early = null;
        }
        charge();
    }

    // ---- the end ----

    private void done() {
        state = State.DONE;
        loop.forget(this);
        dropUnread();
        output.drop();
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private void charge() {
        int now = early == null ? 0 : early.capacity();
        loop.budget.charge(now - chargedBytes);
        chargedBytes = now;
        publishHeld();
    }

    private void publishHeld() {
        long now = chargedBytes + cutter.chargedBytes();
        if (now != heldBytes) {
            heldBytes = now;
        }
    }
}
