package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.guard.Decision;
import net.voltlane.server.link.CodecException;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection in its handshake, as far as it is the same in all protocol versions. Cuts frames, keeps input that came
 * ahead, keeps the deadlines, and applies the limits on connections. A {@link ClientHandshake} gives frames their
 * meaning:
 *
 * <pre>
 *   VersionNegotiation ──first frame──► Version2Handshake ──a session is asked for──► ClientLink
 * </pre>
 *
 * Any fault on the way closes this connection and nothing more. While something is computed for the client the channel
 * is not read from, and input that was read before waits. Belongs to the connection's loop.
 */
final class HandshakeHandler extends ChannelInboundHandlerAdapter implements PendingConnection {
    private static final Logger log = LoggerFactory.getLogger(HandshakeHandler.class);

    private static final byte[] NO_TEXT = {};

    final HandshakeContext context;
    private final Channel channel;
    private final LinkReads<ReadPause> reads;
    private final Admission admission;
    private final InetAddress address;
    /** The time by {@link LinkFigures#nowTicks}. */
    private final int acceptedTicks;

    private final Deadlines<PendingConnection>.Entry deadline;
    /** The time for the client's next packet, if the connection is in the resume reserve; null while none is due. */
    private Deadlines<HandshakeHandler>.@Nullable Entry reserveWait;

    private ClientHandshake handshake = new VersionNegotiation(this);
    /** The connection has become a link, or is being closed. */
    private boolean done;
    /** Something was sent that the client is to get although its connection is closed then. */
    private boolean answered;

    /** Input that is not understood yet: an unfinished frame, or input that came while something was computed. */
    private final PendingInput unread;
    /** The input whose frames are being taken; stands behind the frame under way. Null between reads. */
    private @Nullable ByteBuf parsing;

    /**
     * @param address the client's own, also behind a proxy
     * @param acceptedTicks the time by {@link LinkFigures#nowTicks}, before a PROXY header was read
     * @param begun the deadline of what came before the handshake, and is part of it; null: its time begins now
     */
    HandshakeHandler(
            HandshakeContext context,
            LinkReads<ReadPause> reads,
            Admission admission,
            InetAddress address,
            int acceptedTicks,
            Deadlines<PendingConnection>.@Nullable Entry begun) {
        this.reads = reads;
        this.context = context;
        channel = reads.channel();
        this.acceptedTicks = acceptedTicks;
        this.admission = admission;
        this.address = address;
        unread = new PendingInput(context.memory().allocator(), context.memory().budget());
        if (begun == null) {
            deadline = context.timeouts().beginHandshake(this);
        } else {
            deadline = begun;
            deadline.passTo(this);
        }
        beginReserveWait();
    }

    // ---- input

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (done) {
                return;
            }
            if (!isAwaitingFrame()) {
                unread.keep(in); // the peer's FIN makes the transport read all that has come, paused or not
                if (unread.isTooMuch() || context.memory().isHalfUsed()) {
                    ctx.close();
                }
            } else if (unread.isEmpty()) {
                parse(in);
            } else {
                unread.keep(in);
                parseUnread();
            }
        } finally {
            in.release();
        }
    }

    private boolean isAwaitingFrame() {
        return !done && handshake.isAwaitingFrame();
    }

    private void parseUnread() {
        ByteBuf all = unread.take();
        parse(all);
        all.release();
        unread.charge();
    }

    private void parse(ByteBuf in) {
        assert channel.eventLoop().inEventLoop() : "belongs to the loop of its channel";
        assert parsing == null : "frames are taken one after the other";
        parsing = in;
        try {
            parseFrames(in);
        } finally {
            parsing = null;
        }
        // While something is computed, answers wait for its result: a client that sends ahead gets all in one segment.
        if (isAwaitingFrame()) {
            channel.flush();
        }
        keepRest(in);
    }

    private void parseFrames(ByteBuf in) {
        while (in.readableBytes() >= Frame.PREFIX_BYTES && isAwaitingFrame()) {
            int length = in.getIntLE(in.readerIndex());
            if (Frame.isOverLimit(length, handshake.maxFrameBytes())) {
                Layer.Fault fault = layer().fault();
                reject(fault == null ? Metric.REJECTED_FRAME_TOO_LARGE : fault.metric());
                return;
            }
            if (in.readableBytes() < Frame.PREFIX_BYTES + length) {
                return;
            }
            int payload = in.readerIndex() + Frame.PREFIX_BYTES;
            in.skipBytes(Frame.PREFIX_BYTES + length);
            try {
                handshake.frame(in.nioBuffer(payload, length));
            } catch (MalformedPacketException e) {
                log.debug("Malformed handshake packet from {}: {}", admission.from(), e.getMessage());
                reject(Metric.REJECTED_MALFORMED);
            }
        }
    }

    private void keepRest(ByteBuf in) {
        if (!done && in.isReadable()) {
            unread.keep(in);
        } else {
            unread.charge(); // nothing is left of what was kept before
        }
    }

    // ---- steps of all versions

    /** Has another handshake take the frames that come from now on. */
    void goOnWith(ClientHandshake next) {
        handshake = next;
    }

    /** Writes a whole frame, without a flush. */
    void send(byte[] frame) {
        answered = true;
        channel.write(Unpooled.wrappedBuffer(frame), channel.voidPromise());
    }

    /** Reads no more until {@link #awaitAnswer}: something is computed. */
    void stopReading() {
        reads.pause(ReadPause.SERVER_TURN);
    }

    /** Sends what was written, and reads the client's answer to it. */
    void awaitAnswer() {
        context.guard().waitsForPeer(admission);
        beginReserveWait();
        channel.flush();
        reads.resume(ReadPause.SERVER_TURN);
        parseUnread();
    }

    /** The connection's part of its transport. */
    Layer layer() {
        return context.links().transport().layer(channel);
    }

    /** False once the client has gone. Any thread. */
    boolean isUp() {
        return channel.isActive();
    }

    /** The client's address. */
    Cidr from() {
        return admission.from();
    }

    /** Hands the connection over to a link, together with the input that came behind the handshake. */
    ClientLink becomeLink(LinkProtocol protocol) {
        EdgeSettings settings = context.links().settings().get();
        layer().limitMessages(protocol.maxFrameBytes(settings));
        ByteBuf rest = parsing == null ? unread.take() : parsing.retain();
        try {
            ByteBuf early = rest.isReadable() ? context.memory().allocator().directBuffer(rest.readableBytes()) : null;
            if (early != null) {
                early.writeBytes(rest);
            }
            done();
            ClientLink link = new ClientLink(context.links(), reads, admission, acceptedTicks, protocol, early);
            ClientPipeline.beginLink(channel, link);
            return link;
        } finally {
            rest.release();
        }
    }

    // ---- limits

    /** True while no client may join: each link brings more to keep, which a slow master would not take. */
    boolean isOverMemoryLimit() {
        return context.memory().isOverLimit();
    }

    /** The client wants a new session. Returns false, with the connection closed, if a limit stands against it. */
    boolean beginOpening() {
        return passes(context.guard().beginOpening(admission));
    }

    /** A new session may be opened now. Returns false, with the connection closed, if a limit stands against it. */
    boolean finishOpening() {
        return passes(context.guard().finishOpening(admission));
    }

    /** The client wants to prove that a session is its own. Returns false, with the connection closed, at a limit. */
    boolean beginProof() {
        boolean passes = passes(context.guard().beginProof(admission));
        if (passes) {
            endReserveWait();
        }
        return passes;
    }

    void proofSucceeded() {
        context.guard().proved(admission);
    }

    void proofFailed() {
        if (context.guard().failed(admission)) {
            context.refusals().banned(admission);
        }
    }

    private boolean passes(Decision decision) {
        if (decision == Decision.REFUSED) {
            refuse();
        }
        return decision == Decision.GRANTED;
    }

    private void beginReserveWait() {
        if (admission.isInReserve()) {
            reserveWait = context.timeouts().beginReserveWait(this);
        }
    }

    private void endReserveWait() {
        if (reserveWait != null) {
            reserveWait.cancel();
            reserveWait = null;
        }
    }

    // ---- the end

    /** Closes the connection for what its client sent or failed to send. */
    void reject(Metric why) {
        if (done) {
            return;
        }
        context.refusals().rejected(why, address);
        boolean inReserve = admission.isInReserve();
        CloseCode code = Refusals.closeCode(why);
        byte[] closing = handshake.closing(code, 0);
        Layer.Fault fault = layer().fault();
        boolean isTold = closing != null || fault != null && fault.isAnswered();
        boolean isToldBelow = layer().hasFarewell();
        layer().endsWith(code, NO_TEXT);
        done();
        if (closing != null) {
            send(closing);
        }
        if (inReserve) {
            context.refusals().end(channel, isTold); // nobody's place there is held for a farewell
        } else if (answered || isTold || isToldBelow) {
            channel.flush();
            context.timeouts().linger(channel, context.links().transport());
        } else {
            channel.close();
        }
    }

    /** Closes the connection for a limit. */
    private void refuse() {
        byte[] closing = handshake.closing(CloseCode.BUSY, context.guard().retryAfterMillis(admission));
        layer().endsWith(CloseCode.BUSY, NO_TEXT);
        done();
        context.guard().leaves(admission);
        if (closing != null) {
            send(closing);
        }
        context.refusals().refuse(channel, admission, closing != null);
    }

    /** Closes the connection of a client that is to come again, since the store of sessions does not answer. */
    void storeIsAway() {
        byte[] closing = handshake.closing(CloseCode.BUSY, Refusals.retryAfterMillis(Refusal.STORE_AWAY));
        layer().endsWith(CloseCode.BUSY, NO_TEXT);
        done();
        context.guard().leaves(admission);
        if (closing != null) {
            send(closing);
        }
        context.refusals().storeIsAway(channel, admission, closing != null);
    }

    private void done() {
        assert channel.eventLoop().inEventLoop() : "belongs to the loop of its channel";
        assert !done : "ended twice";
        done = true;
        handshake.end();
        deadline.cancel();
        endReserveWait();
        unread.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            context.refusals().abandoned();
            done();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CodecException fault) {
            reject(fault.rejected());
            return;
        }
        context.refusals().thrown("the link of " + admission.from() + " in its handshake", cause);
        ctx.close();
    }

    /** At the memory limit handshakes go before sessions do. */
    @Override
    public void shed() {
        if (unread.chargedBytes() > 0 || layer().heldBytes() > 0) {
            reject(Metric.REJECTED_MEMORY);
        }
    }

    /** Another connection has got this one's place. */
    void giveWay() {
        if (!done) {
            refuse();
        }
    }

    @Override
    public void timedOut() {
        reject(Metric.REJECTED_TIMEOUT);
    }

    @Override
    public void stop() {
        reject(Metric.REJECTED_STOPPING);
    }
}
