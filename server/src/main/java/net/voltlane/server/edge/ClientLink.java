package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.server.session.LinkFacts;
import org.jspecify.annotations.Nullable;

/**
 * One client's link from the moment at which a session was asked for: whether it lives, and what it reads. What comes
 * is cut into frames for the loop's {@link PacketTagger}; what goes out is the {@link LinkOutput}'s. Belongs to its
 * client loop; {@link LinkPort} is its end on the session loop.
 */
final class ClientLink extends ChannelInboundHandlerAdapter implements FrameCutter.Sink {
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

    final LinkContext context;
    /** The reasons not to read from the channel, which it also knows. */
    final LinkReads<ReadPause> reads;

    final Admission admission;
    final LinkPort port;
    private final FrameCutter cutter;
    final LinkOutput output;

    private State state = State.JOINING;
    private long id;
    /** What came behind the handshake; it waits until the session is there. */
    private @Nullable PendingInput early;
    /** The session was told of this link's first packet. */
    private boolean spoke;

    /** It came back to its session: what it could have sent on its last link is not given to it again. */
    boolean hasComeBack;

    /** The loop's {@link RateAndIdleLimiter}'s own: null where it has not looked at it so far. */
    @Nullable
    LinkPace pace;
    /** The same's; below 0: not there. */
    int placeInWatch = -1;

    /** What came on it, for log lines. */
    private long packetsUp;

    private long bytesUp;
    /** Why it is lost, where it is. */
    private String whyLost = "closed by the client";

    /** What is held of what came, for the session loop to compare; written here only. */
    private volatile long heldBytes;

    /** While it delivers its last. */
    private @Nullable DrainTimeout delivery;

    ClientLink(LinkContext context, LinkReads<ReadPause> reads, Admission admission, @Nullable ByteBuf early) {
        assert reads.isPausedFor(ReadPause.SERVER_TURN) : "read from before there is a session";
        this.reads = reads;
        this.admission = admission;
        this.context = context;
        LoopMemory memory = context.memory();
        this.early = early == null ? null : new PendingInput(memory.allocator(), memory.budget(), early);
        cutter = new FrameCutter(context.settings().get().maxFrameBytes(), memory.allocator(), memory.budget(), this);
        output = new LinkOutput(this);
        port = new LinkPort(this);
        publishHeld();
    }

    Channel channel() {
        return reads.channel();
    }

    // ---- what the session says ----

    void opened(long newId) {
        id = newId;
        channel()
                .write(
                        Unpooled.wrappedBuffer(HandshakeCodec.frame(new ClientId(newId))),
                        channel().voidPromise());
        channel().flush();
        output.expectAnswer();
        live();
    }

    void resumed(long resumedId, List<ByteBuf> missed) {
        id = resumedId;
        hasComeBack = true;
        channel()
                .write(
                        Unpooled.wrappedBuffer(HandshakeCodec.frame(new Ping())),
                        channel().voidPromise());
        output.missed(missed);
        channel().flush();
        live();
    }

    /** The session is there. */
    private void live() {
        boolean lost = state != State.JOINING; // while it was asked for: what it had sent by then is heard all the same
        if (!lost) {
            state = State.LIVE;
            context.limiter().joins(this);
            reads.source(context.readBuffers().forLinks());
        }
        int bytes = 0;
        int packets = 0;
        if (early != null) {
            ByteBuf first = early.take();
            bytes = first.readableBytes();
            packets = cut(first, context.queues().tagger);
            first.release();
            dropEarly();
        }
        if (lost) {
            cutter.release();
            publishHeld();
            return;
        }
        watch(packets, bytes);
        if (state == State.LIVE) {
            beginReading(ReadPause.SERVER_TURN);
        }
    }

    void refused() {
        if (state == State.JOINING || state == State.LEAVING) {
            done();
            channel().flush(); // the handshake's answers
            context.timeouts().linger(channel(), context.transport());
        }
    }

    /** A limit stands against the resume that it asked for. */
    void overLimit() {
        done();
        context.refusals().refuse(channel(), admission);
    }

    /** Ends the link; the answer is the last that the session hears of it. */
    void detach(Detach how) {
        dropUnread();
        output.end();
        if (how == Detach.DELIVER && channel().isActive()) {
            context.sessions().detached(this, List.of());
            state = State.DELIVERING;
            forget();
            reads.resume(); // discards: a peer stuck in a write would never read what it is to get
            delivery = new DrainTimeout(context.timeouts(), this, output);
            output.flush();
            return;
        }
        context.timeouts().linger(channel(), context.transport()); // from now on the socket takes nothing
        List<ByteBuf> leftovers = output.takeBack();
        if (how != Detach.GIVE_BACK) {
            leftovers.forEach(ByteBuf::release);
            leftovers = List.of();
        }
        done();
        context.sessions().detached(this, leftovers);
    }

    // ---- receiving ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        boolean forced = isUp() && reads.isPaused();
        try {
            if (forced
                    && reads.isPausedFor(ReadPause.OVER_RATE)
                    && !context.limiter().isExcused(this)) {
                whyLost = "closed by the client, which had sent more than it may";
                ctx.close(); // more than it may send, and nothing left to hold back
            } else if (state == State.LIVE) {
                int bytes = in.readableBytes();
                PacketTagger tagger = context.queues().tagger;
                int packets = cut(in, tagger);
                tagger.postIfLarge();
                watch(packets, bytes);
            } else if (state == State.JOINING) {
                keepEarly(in);
            }
            if (forced && isTooMuch()) {
                whyLost = "closed by the client, with more under way than there is memory for";
                ctx.close();
            }
        } finally {
            in.release();
        }
    }

    /** Passes on every packet that there is; answers with how many. */
    private int cut(ByteBuf in, PacketTagger tagger) {
        tagger.beginRead();
        boolean understood = cutter.cut(in);
        int packets = tagger.endRead();
        packetsUp += packets;
        bytesUp += tagger.bytes();
        publishHeld();
        if (!understood) {
            violated(Reason.FRAME_TOO_LARGE, "its client sent a frame over listener.max_frame_size");
        }
        return packets;
    }

    @Override
    public void frame(ByteBuf in, int index, int length) {
        if (!spoke) {
            spoke = true;
            // The session must know before the master can, and where in the stream this packet is.
            context.sessions().firstPacket(this);
        }
        context.queues().tagger.packet(id, in, index, length);
    }

    private void keepEarly(ByteBuf in) {
        if (early == null) {
            early = new PendingInput(
                    context.memory().allocator(), context.memory().budget());
        }
        early.keep(in);
        publishHeld();
    }

    /**
     * A peer's FIN makes the transport read all that has come, paused or not. That is taken as long as there is plenty
     * of room; then the link goes, with what the kernel still holds of it.
     */
    private boolean isTooMuch() {
        return early != null && early.isTooMuch() || context.memory().isHalfUsed();
    }

    private void dropUnread() {
        cutter.release();
        dropEarly();
    }

    private void dropEarly() {
        if (early != null) {
            early.release();
            early = null;
        }
        publishHeld();
    }

    private void publishHeld() {
        long now = cutter.chargedBytes() + (early == null ? 0 : early.chargedBytes());
        if (now != heldBytes) {
            heldBytes = now;
        }
    }

    /** Both ways; the session loop asks. */
    long heldBytes() {
        return heldBytes + output.heldBytes();
    }

    /** Asked on the session loop, behind an event of this link's own. */
    LinkFacts facts() {
        return new LinkFacts(admission.from(), whyLost, packetsUp, bytesUp);
    }

    // ---- whether it is read from ----

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state == State.LIVE && context.backpressure().isHeldBack() && !reads.isPaused()) {
            context.backpressure().pause(this);
        }
    }

    /** A reason not to read from it has ended, while others may stand. */
    private void beginReading(ReadPause ended) {
        context.backpressure().joins(this);
        reads.resume(ended);
    }

    /** Its rate allows it to send again. */
    void overRateNoMore() {
        beginReading(ReadPause.OVER_RATE);
    }

    /** Clients are no longer held back: what has gathered meanwhile is not this client's fault. */
    void heldBackNoMore() {
        context.limiter().wasHeldBack(this);
        reads.resume(ReadPause.HELD_BACK);
    }

    boolean isReading() {
        return state == State.LIVE && !reads.isPaused();
    }

    /** So much was just cut. */
    private void watch(int packets, int bytes) {
        if (context.limiter().isOn() && state == State.LIVE) { // else in breach of something already
            context.limiter().wasRead(this, packets, bytes);
        }
    }

    /** More than it may send came just now: it waits until it may again. */
    void pauseForRate() {
        context.faults().count(Metric.LINKS_PAUSED);
        reads.pause(ReadPause.OVER_RATE);
    }

    // ---- what ends it ----

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (isUp()) {
            lost();
        } else if (state == State.DELIVERING) {
            done();
        }
    }

    /** Its client acknowledged nothing for too long. */
    void vanished() {
        whyLost = "acknowledged nothing for listener.peer_timeout_secs";
        LingeringClose.reset(channel()); // a FIN would wait in the kernel behind what nobody takes
        if (isUp()) {
            lost(); // at once: what comes until the channel says so itself must not overflow
        }
    }

    /** It waits to be detached. */
    private void lost() {
        boolean joining = state == State.JOINING;
        state = State.LEAVING;
        forget();
        if (!joining) {
            dropUnread();
        } // else the session's answer is on its way, and what came behind the handshake is heard then
        context.sessions().lost(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        whyLost = SystemWords.of(cause);
        context.faults().thrown("the link of client " + Long.toUnsignedString(id), cause);
        if (isUp() && Keepalive.gaveUp(cause)) {
            context.faults().count(Metric.CLIENT_PEER_QUIET);
        }
        ctx.close();
    }

    /** Its client sent nothing for as long as it may: the link goes, its session stays. */
    void silentForLong() {
        if (state == State.LIVE) {
            context.faults().count(Metric.LINKS_IDLE);
            whyLost = "sent nothing for limits.idle_timeout_secs";
            context.faults().disconnected(whyLost, admission.from());
            channel().close();
        }
    }

    /** More than it may send, and nobody but its client is to blame. */
    void isTooFast() {
        if (state == State.LIVE) {
            violated(Reason.RATE_LIMIT, "its client sent more in a second than it may");
        }
    }

    /**
     * Sending failed for a fault of ours. Nobody knows any more what of it the socket has: the session ends, and the
     * master is told.
     */
    void broken() {
        if (state == State.LIVE) {
            violated(Reason.MEMORY_LIMIT, "an internal error");
        }
        LingeringClose.reset(channel());
    }

    private void violated(Reason reason, String how) {
        dropUnread();
        state = State.LEAVING;
        reads.pause(ReadPause.ENDING);
        context.faults().ended(how, admission.from());
        context.sessions().violated(this, reason);
    }

    // ---- the end ----

    boolean isLive() {
        return state == State.LIVE;
    }

    /** False once it is ending. */
    boolean isUp() {
        return state == State.JOINING || state == State.LIVE;
    }

    /** The client has taken the last of what was queued for it. */
    void allSent() {
        if (state == State.DELIVERING) {
            done();
            context.timeouts().linger(channel(), context.transport());
        }
    }

    /** Drops what is still to be delivered, and the link. */
    void giveUp() {
        context.faults().count(Metric.LINKS_RESET);
        done();
        LingeringClose.reset(channel());
    }

    /** It is never read from again. */
    private void forget() {
        context.backpressure().forget(this);
        context.limiter().forget(this);
    }

    private void done() {
        state = State.DONE;
        forget();
        dropUnread();
        output.drop();
        if (delivery != null) {
            delivery.end();
            delivery = null;
        }
    }
}
