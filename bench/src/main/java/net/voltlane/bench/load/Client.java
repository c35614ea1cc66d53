package net.voltlane.bench.load;

import io.netty.channel.socket.SocketChannel;
import java.util.Arrays;
import net.voltlane.proof.ChallengeAnswer;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.SystemWords;
import org.jspecify.annotations.Nullable;

/**
 * A client: a session that outlives its links. It sends all that it can at once, so a handshake costs the generator one
 * write (two for a resume). Belongs to its loop.
 *
 * <pre>
 *   AWAY ──open───► KEY ──PubKey──► ID ──ClientId──────────────────────► READY
 *   AWAY ──resume─► KEY ──PubKey──► CHALLENGE ──Challenge──► PING ──Ping──► READY
 *   any ──link lost, or cut──► AWAY
 * </pre>
 */
final class Client {

    private enum State {
        AWAY,
        KEY,
        ID,
        CHALLENGE,
        PING,
        READY
    }

    private static final byte[] VERSION = HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION));
    private static final byte[] PING = HandshakeCodec.frame(new Ping());

    private final int index;
    private final LoadLoop loop;
    private final Identity identity;

    private State state = State.AWAY;
    private @Nullable Link link;
    private boolean resuming;
    private byte @Nullable [] serverKey;
    private byte @Nullable [] resumeHello;

    /** Messages, by number: the next to be sent, the next to come back. They wrap around. */
    private int sent;

    private int expected;

    /** Closed loop: when each message that is under way was sent. A power of two. */
    long[] sentAtNanos = {};

    /** True while it is on its way through a {@link Rollout}. */
    boolean busy;

    /** The time at which the current connection attempt began. */
    private long startedNanos;

    Client(int index, LoadLoop loop, Identity identity) {
        this.index = index;
        this.loop = loop;
        this.identity = identity;
    }

    int index() {
        return index;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** True if there is a session to come back to. */
    boolean hasSession() {
        return resumeHello != null;
    }

    boolean isWritable() {
        return link != null && link.isWritable();
    }

    int sent() {
        return sent;
    }

    int underWay() {
        return sent - expected;
    }

    /** Number of messages that came or were left out. */
    long passed() {
        return Integer.toUnsignedLong(expected);
    }

    long startedNanos() {
        return startedNanos;
    }

    /** For a stream of messages that starts anew. */
    void countFromZero() {
        sent = 0;
        expected = 0;
    }

    // ---- links

    /** Begins a new session. */
    void open() {
        countFromZero();
        resumeHello = null;
        begin(false);
    }

    /** Begins to resume the session that it has. */
    void resume() {
        begin(true);
    }

    /** Ends the link, not the session. */
    void cut() {
        Link cut = link;
        link = null;
        state = State.AWAY;
        if (cut != null) {
            cut.cut();
        }
    }

    /** Stops reading, as a client that hangs. */
    void reads(boolean on) {
        if (link != null) {
            link.reads(on);
        }
    }

    private void begin(boolean resume) {
        resuming = resume;
        state = State.KEY;
        SocketChannel channel = loop.newChannel();
        Link next = new Link(this, loop, channel);
        link = next;
        startedNanos = System.nanoTime();
        loop.connect(channel, next, index, error -> {
            if (link != next) {
                return;
            }
            if (error != null) {
                next.cut();
                lost(next, "can't connect: " + SystemWords.of(error));
            } else {
                byte[] hello = resuming && resumeHello != null ? resumeHello : identity.hello();
                next.send(hello, hello.length);
            }
        });
    }

    /** A link ended unasked. */
    void lost(Link lost, String why) {
        if (link == lost) {
            boolean ready = isReady();
            link = null;
            state = State.AWAY;
            loop.lost(this, ready, why);
        }
    }

    // ---- what comes

    int maxFrameBytes() {
        return isReady() ? loop.maxFrameBytes() : Limits.MAX_HANDSHAKE_FRAME_BYTES;
    }

    void frame(Link from, byte[] bytes, int at, int length, long nowNanos) {
        if (link != from) {
            return;
        }
        if (isReady()) {
            message(bytes, at, length, nowNanos);
        } else {
            handshake(from, Arrays.copyOfRange(bytes, at, at + length), nowNanos);
        }
    }

    void readComplete(long nowNanos) {
        if (isReady()) {
            loop.duty().readComplete(this, nowNanos);
        }
    }

    void writable() {
        if (isReady()) {
            loop.duty().writable(this);
        }
    }

    private void message(byte[] bytes, int at, int length, long nowNanos) {
        int ahead = loop.payload().check(bytes, at, length, index, expected);
        if (ahead == 0) {
            int sequence = expected++;
            loop.duty().received(this, sequence, nowNanos);
        } else {
            wrong(ahead, length, nowNanos);
        }
    }

    private void wrong(int ahead, int length, long nowNanos) {
        if (ahead == Payload.CORRUPTED) {
            loop.faults().corrupted(index, length);
        } else if (ahead == Payload.MISROUTED) {
            loop.faults().misrouted(index);
        } else if (ahead < 0) {
            loop.faults().late(index);
        } else {
            loop.faults().leftOut(ahead, index);
            int sequence = expected + ahead;
            expected = sequence + 1;
            loop.duty().received(this, sequence, nowNanos);
            return;
        }
        loop.duty().wrong(this);
    }

    private void handshake(Link from, byte[] payload, long nowNanos) {
        String trouble;
        try {
            trouble = take(from, HandshakeCodec.decode(payload), nowNanos);
        } catch (MalformedPacketException | InvalidKeyException e) {
            trouble = e.getMessage();
        }
        if (trouble != null) {
            from.cut();
            lost(from, "handshake failed: " + trouble);
        }
    }

    /** Takes a packet of the handshake, and returns what is wrong with it, or null. */
    private @Nullable String take(Link from, HandshakePacket packet, long nowNanos) throws InvalidKeyException {
        if (state == State.KEY && packet instanceof PubKey key) {
            return key(key.key());
        } else if (state == State.ID && packet instanceof ClientId id) {
            resumeHello = Identity.concat(VERSION, HandshakeCodec.frame(id));
            loop.ids().set(index, id.id());
            ready(nowNanos);
        } else if (state == State.CHALLENGE && packet instanceof Challenge challenge && serverKey != null) {
            return answer(from, challenge, serverKey);
        } else if (state == State.PING && packet instanceof Ping) {
            ready(nowNanos);
        } else {
            return packet + " came in state " + state;
        }
        return null;
    }

    private @Nullable String key(byte[] key) {
        if (serverKey == null) {
            serverKey = key;
        } else if (!Arrays.equals(serverKey, key)) {
            return "the server has another key than before";
        }
        state = resuming ? State.CHALLENGE : State.ID;
        return null;
    }

    private @Nullable String answer(Link from, Challenge challenge, byte[] key) throws InvalidKeyException {
        byte[] box = ChallengeAnswer.to(challenge.box(), identity.sharedWith(key), loop.random());
        if (box == null) {
            return "the server does not know the session any more";
        }
        byte[] both = Identity.concat(HandshakeCodec.frame(new ChallengeResponse(box)), PING);
        from.send(both, both.length);
        state = State.PING;
        return null;
    }

    private void ready(long nowNanos) {
        state = State.READY;
        loop.duty().ready(this, nowNanos);
    }

    // ---- what is sent

    /** Sends so many messages in one write. */
    void send(int count) {
        if (link != null && count > 0) {
            int length = loop.write(index, sent, count);
            sent += count;
            link.send(loop.writeArray(), length);
        }
    }
}
