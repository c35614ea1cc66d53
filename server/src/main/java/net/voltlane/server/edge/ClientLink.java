package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Reason;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.server.session.LinkFacts;
import net.voltlane.server.session.Refusal;
import net.voltlane.server.session.Resumption;
import org.jspecify.annotations.Nullable;

/**
 * A client's link from its request for a session on: its states, and when it is read from. {@link LinkInput} takes the
 * input, {@link LinkOutput} sends, and {@link LinkProtocol} is the version that both speak. Belongs to its client loop;
 * {@link LinkPort} is its end on the session loop.
 */
final class ClientLink extends LinkLife {
    final Admission admission;
    final LinkProtocol protocol;
    final LinkPort port;
    final LinkOutput output;
    final LinkInput input;

    /** The session's id; 0 while JOINING. */
    private long id;
    /** The session was told of this link's first packet. */
    private boolean firstPacketTold;

    private boolean resumed;
    /** The time at which the connection was accepted, by {@link LinkFigures#nowTicks}. */
    private final int acceptedTicks;

    /** The cause for the log if the link is lost. */
    private String whyLost = "closed by the client";

    /** The time that is left for DELIVERING; null in other states. */
    private @Nullable DrainTimeout delivery;

    /** @param early input that came behind the handshake, now this object's; null if there was none */
    ClientLink(
            LinkContext context,
            LinkReads<ReadPause> reads,
            Admission admission,
            int acceptedTicks,
            LinkProtocol protocol,
            @Nullable ByteBuf early) {
        super(reads, context);
        this.admission = admission;
        this.acceptedTicks = acceptedTicks;
        this.protocol = protocol;
        input = new LinkInput(this, early);
        output = new LinkOutput(this);
        port = new LinkPort(this);
    }

    // ---- answers of the session

    void opened(long newId) {
        id = newId;
        protocol.writeOpened(channel(), newId);
        channel().flush();
        output.expectAnswer();
        context.figures().opened(acceptedTicks);
        joined();
    }

    void resumed(Resumption point) {
        id = point.id();
        resumed = true;
        protocol.writeResumed(channel(), point);
        output.missed(protocol.takeOver(this, point));
        channel().flush();
        context.figures().resumed(acceptedTicks);
        joined();
    }

    /** The client has ended its session, and sends nothing more. */
    void left() {
        become(LinkState.LEAVING);
        reads.pause(ReadPause.ENDING);
        context.sessions().left(this);
    }

    private void joined() {
        assert id != 0 : "no session has the id 0";
        boolean lost = is(LinkState.LEAVING);
        assert lost || is(LinkState.JOINING) : "joined twice";
        if (!lost) {
            become(LinkState.LIVE);
            context.limiter().joins(this);
            protocol.joined(this);
            reads.source(context.readBuffers().forLinks());
        }
        ByteBuf early = input.takeEarly();
        if (resumed && !protocol.mayComeEarly(early)) {
            early.skipBytes(early.readableBytes());
            violated(Reason.PROTOCOL_VIOLATION, "its client sent data before it knew what had been accepted");
        }
        int bytes = early.readableBytes();
        int packets = input.read(early);
        early.release();
        input.dropEarly();
        if (lost) {
            input.drop();
            return;
        }
        limit(packets, bytes);
        if (isLive()) {
            beginReading(ReadPause.SERVER_TURN);
        }
    }

    /** The link gets no session. */
    void refused(Refusal why) {
        if (is(LinkState.JOINING) || is(LinkState.LEAVING)) {
            done();
            endsFor(Refusals.closeCode(why));
            protocol.writeClose(channel(), Refusals.closeCode(why), Refusals.retryAfterMillis(why));
            channel().flush(); // the handshake's answers
            context.timeouts().linger(channel(), context.transport());
        }
    }

    /** A limit stands against the resume. */
    void overLimit() {
        done();
        long retryAfterMillis = context.guard().retryAfterMillis(admission);
        endsFor(CloseCode.BUSY);
        boolean isTold = protocol.writeClose(channel(), CloseCode.BUSY, retryAfterMillis);
        context.refusals().refuse(channel(), admission, isTold);
    }

    /**
     * Ends the link. The answer is the last that the session hears of it.
     *
     * @param reason the reason for the end of the session; null where the session goes on
     * @param text the backend's for the client; empty if there is none
     */
    void detach(Detach how, @Nullable Reason reason, byte[] text) {
        assert isLive() || is(LinkState.LEAVING) : "detached while it has no session";
        input.drop();
        layer().endsWith(reason == null ? CloseCode.TAKEN_OVER : reason.closeCode(), text);
        output.end();
        byte[] lastWord = channel().isActive() ? protocol.lastWord(reason, text) : null;
        boolean mayDeliver = channel().isActive() && (how == Detach.DELIVER || lastWord != null);
        if (mayDeliver) {
            List<ByteBuf> undelivered = how == Detach.GIVE_BACK ? protocol.takeUndelivered(this) : List.of();
            context.sessions().detached(this, undelivered);
            become(LinkState.DELIVERING);
            forget();
            reads.resume(); // discards: a peer stuck in a write would never read what it is to get
            output.sayLast(how == Detach.DELIVER, lastWord);
            delivery = new DrainTimeout(context.timeouts(), this, output);
            output.flush();
            return;
        }
        context.timeouts().linger(channel(), context.transport()); // from now on the socket takes nothing
        List<ByteBuf> undelivered = how == Detach.GIVE_BACK ? protocol.takeUndelivered(this) : List.of();
        done();
        context.sessions().detached(this, undelivered);
    }

    /** Ends the link while its session goes on elsewhere, or here: the client may come again. */
    void detachForNow(Detach how) {
        protocol.isEnding(CloseCode.BUSY);
        detach(how, null, new byte[0]);
    }

    // ---- input

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
            } else if (isLive()) {
                int bytes = in.readableBytes();
                int packets = input.read(in);
                context.queues().tagger.postIfLarge();
                limit(packets, Math.max(0, bytes - layer().countedBytes()));
            } else if (is(LinkState.JOINING)) {
                input.keepEarly(in);
            }
            if (forced && input.isTooMuch()) {
                whyLost = "closed by the client, with more under way than there is memory for";
                ctx.close();
            }
        } finally {
            in.release();
        }
    }

    /** Forwards a packet of the client to the master. {@code buf} stays the caller's. */
    void forward(ByteBuf buf, int index, int length) {
        assert id != 0 : "read before the session was there";
        if (!firstPacketTold) {
            firstPacketTold = true;
            // The session must know before the master can, and where in the stream this packet is.
            context.sessions().firstPacket(this);
        }
        context.queues().tagger.packet(id, buf, index, length);
    }

    /** Bytes held for the client in both directions. Any thread. */
    long heldBytes() {
        return input.heldBytes() + output.heldBytes() + protocol.heldBytes() + layer().heldBytes();
    }

    /** Asked on the session loop, behind an event of this link's own. */
    LinkFacts facts() {
        return new LinkFacts(
                admission.from(), whyLost, input.packets(), input.bytes(), protocol.acknowledged(), protocol.excused());
    }

    @Override
    void codecWasRead(int bytes) {
        protocol.codecWasRead();
        limit(0, bytes);
    }

    // ---- when it is read from

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (isLive() && context.backpressure().isHeldBack() && !reads.isPaused()) {
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

    /** Clients are no longer held back: data that has gathered meanwhile is not this client's fault. */
    void heldBackNoMore() {
        context.limiter().wasHeldBack(this);
        protocol.heldBackNoMore();
        reads.resume(ReadPause.HELD_BACK);
    }

    /** Holds a read against the client's limits. */
    private void limit(int packets, int bytes) {
        if (context.limiter().isOn() && isLive()) { // else in breach of something already
            context.limiter().wasRead(this, packets, bytes);
        }
    }

    // ---- causes of its end

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (isUp()) {
            lost();
        } else if (is(LinkState.DELIVERING)) {
            done();
        }
    }

    /** The client has acknowledged nothing for too long. */
    void vanished() {
        whyLost = "acknowledged nothing for listener.peer_timeout_secs";
        LingeringClose.reset(channel()); // a FIN would wait in the kernel behind what nobody takes
        if (isUp()) {
            lost(); // at once: what comes until the channel says so itself must not overflow
        }
    }

    private void lost() {
        if (isLive()) {
            input.drop();
        } // else the session's answer is on its way, and the early input is read then
        become(LinkState.LEAVING);
        forget();
        context.sessions().lost(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        whyLost = CodecFaults.words(cause);
        if (CodecFaults.handles(this, cause)) {
            return;
        }
        context.faults().thrown("the link of client " + Long.toUnsignedString(id), cause);
        if (isUp() && Keepalive.gaveUp(cause)) {
            context.faults().count(Metric.CLIENT_PEER_QUIET);
        }
        ctx.close();
    }

    /** The client has sent nothing for as long as it may, by the rule that {@code how} counts: its session stays. */
    void isSilent(Metric how, String why) {
        if (!isLive()) {
            return;
        }
        context.faults().count(how);
        whyLost = why;
        context.faults().disconnected(why, admission.from());
        endsFor(CloseCode.SILENT);
        if (protocol.isEnding(CloseCode.SILENT)) {
            reads.pause(ReadPause.ENDING);
            lost(); // and the client is told when the link is detached
        } else {
            channel().close();
        }
    }

    /** The client has sent more than it may, and only the client is to blame. */
    void isTooFast() {
        if (isLive()) {
            violated(Reason.RATE_LIMIT, "its client sent more in a second than it may");
        }
    }

    /**
     * Sending failed for a fault of the server. It is unknown which bytes the socket has taken: the session ends, and
     * the master is told.
     */
    void broken() {
        if (isLive()) {
            violated(Reason.MEMORY_LIMIT, "an internal error");
        }
        LingeringClose.reset(channel());
    }

    /** The client broke a rule that ends its session, in the way that {@code how} tells the log. */
    void violated(Reason reason, String how) {
        input.drop();
        become(LinkState.LEAVING);
        reads.pause(ReadPause.ENDING);
        context.faults().ended(how, admission.from());
        context.sessions().violated(this, reason);
    }

    // ---- its end

    /** True if the client has resumed a session: what it may send at once was given to it on an earlier link. */
    boolean hasResumed() {
        return resumed;
    }

    /** The socket has taken everything that was queued for the client. */
    void allSent() {
        if (is(LinkState.DELIVERING)) {
            done();
            context.timeouts().linger(channel(), context.transport());
        }
    }

    /** The place of a link that was replaced is needed. One that is not yet ending waits for its session. */
    void giveWay() {
        if (is(LinkState.DELIVERING)) {
            giveUp();
        }
    }

    /** Drops what is still to be delivered, and the link. */
    void giveUp() {
        context.faults().count(Metric.LINKS_RESET);
        done();
        LingeringClose.reset(channel());
    }

    /** The link is never read from again. */
    private void forget() {
        context.backpressure().forget(this);
        context.limiter().forget(this);
        protocol.ended(this);
    }

    private void done() {
        assert (delivery != null) == is(LinkState.DELIVERING) : "only a link that delivers its last has a time for it";
        become(LinkState.DONE);
        forget();
        input.drop();
        output.drop();
        if (delivery != null) {
            delivery.end();
            delivery = null;
        }
    }
}
