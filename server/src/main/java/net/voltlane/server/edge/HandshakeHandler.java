package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import net.voltlane.proof.IssuedChallenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's handshake, up to the moment at which the session loop is asked for a session; then a {@link ClientLink}
 * takes over.
 *
 * <pre>
 *   VERSION ──ProtocolVersion(2)──► IDENTITY ──PubKey──► CHECKING_KEY ──valid──────────────► (open a session)
 *                                       └──────ClientId──► CHALLENGING ──box──► ANSWER
 *                                  ANSWER ──ChallengeResponse, right──► PING ──Ping────────► (resume the session)
 * </pre>
 *
 * Anything else closes this link and nothing more. Of those in the resume reserve (see {@link Admission}) a PubKey does as
 * well. Nothing of a session changes before the proof has verified. While something is computed the channel is not
 * read, and what was read already waits.
 */
final class HandshakeHandler extends ChannelInboundHandlerAdapter implements PendingConnection {
    private static final Logger log = LoggerFactory.getLogger(HandshakeHandler.class);

    private enum State {
        VERSION,
        IDENTITY,
        CHECKING_KEY,
        CHALLENGING,
        ANSWER,
        PING,
        DONE
    }

    private final HandshakeContext context;
    private final Channel channel;
    private final LinkReads reads;
    private final Admission admission;
    private final InetAddress address;
    private final Deadlines<PendingConnection>.Entry deadline;
    /** In the resume reserve, while the peer has something to say. */
    private Deadlines<HandshakeHandler>.@Nullable Entry reserveWait;

    private State state = State.VERSION;
    /** Bytes not yet understood: an unfinished frame, or what came while something was computed. */
    private final PendingInput unread;

    private boolean answered;

    /** The attempt to resume: which session, with which key, and what it was asked. */
    private long id;

    private byte @Nullable [] sessionKey;
    private @Nullable IssuedChallenge asked;

    /**
     * @param address the client's own, whoever the connection comes from
     * @param begun the deadline of what came before the handshake, and is part of it; null: its time begins now
     */
    HandshakeHandler(
            HandshakeContext context,
            Channel channel,
            LinkReads reads,
            Admission admission,
            InetAddress address,
            Deadlines<PendingConnection>.@Nullable Entry begun) {
        this.reads = reads;
        this.context = context;
        this.channel = channel;
        this.admission = admission;
        this.address = address;
        unread = new PendingInput(context.memory().allocator(), context.memory().budget());
        if (begun == null) {
            deadline = context.timeouts().beginHandshake(this);
        } else {
            deadline = begun;
            deadline.passTo(this);
        }
        awaitPeer();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (state == State.DONE) {
                return;
            }
            if (!isReading()) {
                unread.keep(in); // the peer's FIN makes the transport read all that has come, paused or not
                if (unread.isTooMuch() || context.memory().isHalfUsed()) {
                    ctx.close();
                }
            } else if (unread.isEmpty()) {
                parse(in);
                keepRest(in);
            } else {
                unread.keep(in);
                parseUnread();
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (state != State.DONE) {
            context.refusals().abandoned();
            done();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        context.refusals().thrown("the link of " + admission.from() + " in its handshake", cause);
        ctx.close();
    }

    private void parseUnread() {
        ByteBuf all = unread.take();
        parse(all);
        keepRest(all);
        all.release();
        unread.charge();
    }

    private void parse(ByteBuf in) {
        parseFrames(in);
        // While something is computed, answers wait for its result: a client that sends ahead gets all in one segment.
        if (isReading()) {
            channel.flush();
        }
    }

    private void parseFrames(ByteBuf in) {
        while (in.readableBytes() >= Frame.PREFIX_BYTES && isReading()) {
            int length = in.getIntLE(in.readerIndex());
            if (Frame.isOverLimit(length, Limits.MAX_HANDSHAKE_FRAME_BYTES)) {
                reject(Metric.REJECTED_FRAME_TOO_LARGE);
                return;
            }
            if (in.readableBytes() < Frame.PREFIX_BYTES + length) {
                return;
            }
            int payload = in.readerIndex() + Frame.PREFIX_BYTES;
            in.skipBytes(Frame.PREFIX_BYTES + length);
            try {
                packet(HandshakeCodec.decode(in.nioBuffer(payload, length)), in);
            } catch (MalformedPacketException e) {
                log.debug("Malformed handshake packet from {}: {}", admission.from(), e.getMessage());
                reject(Metric.REJECTED_MALFORMED);
            }
        }
    }

    private void packet(HandshakePacket packet, ByteBuf rest) {
        if (state == State.VERSION && packet instanceof ProtocolVersion version) {
            version(version);
        } else if (state == State.IDENTITY && context.memory().isOverLimit()) {
            reject(Metric.REJECTED_MEMORY); // each link brings some more with it, which a slow master would not take
        } else if (state == State.IDENTITY && packet instanceof PubKey key) {
            checkKey(key.key());
        } else if (state == State.IDENTITY && packet instanceof ClientId claimed) {
            challenge(claimed.id());
        } else if (state == State.ANSWER && packet instanceof ChallengeResponse response) {
            answer(response.box());
        } else if (state == State.PING && packet instanceof Ping) {
            resume(rest);
        } else {
            reject(Metric.REJECTED_UNEXPECTED);
        }
    }

    private void version(ProtocolVersion packet) {
        if (packet.version() != Limits.PROTOCOL_VERSION) {
            reject(Metric.REJECTED_VERSION);
            return;
        }
        send(new PubKey(context.proofs().serverPublicKey()));
        state = State.IDENTITY;
    }

    private void checkKey(byte[] key) {
        Metric limit = context.guard().opens(admission);
        if (limit != null) {
            refuse(limit);
            return;
        }
        state = State.CHECKING_KEY;
        channel.config().setAutoRead(false);
        context.proofs().validate(admission.from(), channel::isActive, key, this::keyChecked);
    }

    private void keyChecked(byte @Nullable [] key) {
        if (state != State.CHECKING_KEY) {
            return;
        }
        if (key == null) {
            reject(Metric.REJECTED_KEY);
            return;
        }
        Metric limit = context.guard().handshakeDone(admission);
        if (limit != null) {
            refuse(limit);
            return;
        }
        ByteBuf rest = unread.take();
        try {
            context.sessions().open(becomeLink(rest), key);
        } finally {
            rest.release();
        }
    }

    /** Asks for the session's key, over the same way as data; an unknown id is challenged like a known one. */
    private void challenge(long claimedId) {
        Metric limit = context.guard().proves(admission);
        if (limit != null) {
            refuse(limit);
            return;
        }
        state = State.CHALLENGING;
        awaitPeerNoMore();
        id = claimedId;
        channel.config().setAutoRead(false);
        context.sessions().keyOf(claimedId, key -> {
            if (state == State.CHALLENGING) {
                sessionKey = key;
                context.proofs().challenge(admission.from(), channel::isActive, key, this::challenged);
            }
        });
    }

    private void challenged(IssuedChallenge issued) {
        if (state != State.CHALLENGING) {
            return;
        }
        asked = issued;
        state = State.ANSWER;
        context.guard().waitsForPeer(admission);
        awaitPeer();
        send(new net.voltlane.protocol.Challenge(issued.box()));
        channel.flush();
        channel.config().setAutoRead(true);
        parseUnread();
    }

    private void answer(byte[] box) {
        IssuedChallenge once = asked;
        asked = null;
        if (once == null || !once.accepts(box) || sessionKey == null) {
            if (context.guard().failed(admission)) {
                context.refusals().banned(admission);
            }
            reject(Metric.REJECTED_PROOF);
        } else {
            context.guard().proved(admission);
            state = State.PING;
        }
    }

    private void resume(ByteBuf rest) {
        byte[] proved = sessionKey;
        assert proved != null : "no answer is right without a key";
        channel.config().setAutoRead(false);
        context.sessions().resume(becomeLink(rest), id, proved);
    }

    /** @param early what came behind the handshake; read here to its end */
    private ClientLink becomeLink(ByteBuf early) {
        ByteBuf copy = early.isReadable() ? context.memory().allocator().directBuffer(early.readableBytes()) : null;
        if (copy != null) {
            copy.writeBytes(early);
        }
        done();
        ClientLink link = new ClientLink(context.links(), channel, reads, admission, copy);
        ClientPipeline.beginLink(channel, link);
        return link;
    }

    private boolean isReading() {
        return state == State.VERSION || state == State.IDENTITY || state == State.ANSWER || state == State.PING;
    }

    /** Without a flush. */
    private void send(HandshakePacket packet) {
        answered = true;
        channel.write(Unpooled.wrappedBuffer(HandshakeCodec.frame(packet)), channel.voidPromise());
    }

    private void reject(Metric why) {
        if (state == State.DONE) {
            return;
        }
        context.refusals().rejected(why, address);
        boolean inReserve = admission.isInReserve();
        done();
        if (inReserve) {
            LingeringClose.reset(channel); // nobody's place there is held for a farewell
        } else if (answered) {
            channel.flush();
            context.timeouts().linger(channel, context.links().transport());
        } else {
            channel.close();
        }
    }

    /** A limit stands against it; nothing is said of that. */
    private void refuse(Metric limit) {
        done();
        context.guard().leaves(admission);
        context.refusals().refuse(channel, admission, limit);
    }

    private void awaitPeer() {
        if (admission.isInReserve()) {
            reserveWait = context.timeouts().beginReserveWait(this);
        }
    }

    private void awaitPeerNoMore() {
        if (reserveWait != null) {
            reserveWait.cancel();
            reserveWait = null;
        }
    }

    private void done() {
        state = State.DONE;
        deadline.cancel();
        awaitPeerNoMore();
        asked = null;
        unread.release();
    }

    private void keepRest(ByteBuf in) {
        if (state != State.DONE && in.isReadable()) {
            unread.keep(in);
        } else {
            unread.charge(); // of what was kept before nothing is left
        }
    }

    /** At the memory limit handshakes go before sessions do. */
    @Override
    public void shed() {
        if (unread.chargedBytes() > 0) {
            reject(Metric.REJECTED_MEMORY);
        }
    }

    /** Another has got its place. */
    void giveWay() {
        if (state != State.DONE) {
            refuse(admission.limit());
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
