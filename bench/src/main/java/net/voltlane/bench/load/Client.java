package net.voltlane.bench.load;

import io.netty.channel.socket.DuplexChannel;
import java.util.Arrays;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.SystemWords;
import org.jspecify.annotations.Nullable;

/**
 * A client: a session that outlives its links. Its {@link Dialect} knows the protocol. Belongs to its loop.
 *
 * <pre>
 *   AWAY ──open, resume──► SHAKING ──handshake done──► READY
 *   any ──link lost, or cut──► AWAY
 * </pre>
 */
final class Client {

    private enum State {
        AWAY,
        SHAKING,
        READY
    }

    private final int index;
    private final LoadLoop loop;
    private final Dialect dialect;

    private State state = State.AWAY;
    private @Nullable Link link;

    /** Messages, by number: the next to be sent, the next to come back. They wrap around. */
    private int sent;

    private int expected;

    /** Closed loop: when each message that is under way was sent. A power of two. */
    long[] sentAtNanos = {};

    /** True while it is on its way through a {@link Rollout}. */
    boolean busy;

    /** Names the visit that opened the session, for TLS: who returns resumes there, too. */
    private int visit;

    /** The time at which the current connection attempt began. */
    private long startedNanos;

    Client(int index, LoadLoop loop, Dialect dialect) {
        this.index = index;
        this.loop = loop;
        this.dialect = dialect;
    }

    int index() {
        return index;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** True if there is a session to come back to. */
    boolean hasSession() {
        return dialect.hasSession();
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
        dialect.forget();
        visit = loop.opening().visit(index);
        begin(false);
    }

    /** Begins a link that shakes hands in TLS, and leaves. */
    void shakeTls() {
        visit = loop.opening().visit(index);
        begin(true);
    }

    /** Begins to resume the session that it has. */
    void resume() {
        begin(false);
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

    private void begin(boolean tlsOnly) {
        state = State.SHAKING;
        DuplexChannel channel = loop.newChannel();
        Link next = new Link(this, loop, channel);
        link = next;
        startedNanos = System.nanoTime();
        Opening.Part part = new Opening.Part(visit, tlsOnly);
        loop.connect(channel, next, index, part, error -> {
            if (link != next) {
                return;
            }
            if (error != null) {
                next.cut();
                lost(next, "can't connect: " + SystemWords.of(error));
            } else if (tlsOnly) {
                loop.duty().ready(this, System.nanoTime());
                next.leave();
            } else {
                byte[] hello = dialect.hello();
                next.send(hello, hello.length);
            }
        });
    }

    /** A link ended that had left by itself. */
    void left(Link left) {
        if (link == left) {
            link = null;
            state = State.AWAY;
            loop.duty().gone(this);
        }
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
        return isReady() ? loop.maxFrameBytes() : dialect.maxHandshakeFrameBytes();
    }

    void frame(Link from, byte[] bytes, int at, int length, long nowNanos) {
        if (link != from) {
            return;
        }
        try {
            if (isReady()) {
                int message = dialect.message(bytes, at, length);
                if (message != Dialect.NONE) {
                    message(bytes, message, at + length - message, nowNanos);
                }
            } else if (dialect.take(from, Arrays.copyOfRange(bytes, at, at + length))) {
                ready(nowNanos);
            }
        } catch (LinkFaultException | MalformedPacketException | InvalidKeyException e) {
            boolean live = isReady();
            from.cut();
            lost(from, (live ? "" : "handshake failed: ") + e.getMessage());
        }
    }

    void readComplete(long nowNanos) {
        if (isReady()) {
            loop.duty().readComplete(this, nowNanos);
        }
        if (isReady() && link != null) {
            dialect.readComplete(link);
        }
    }

    /** Called every {@link LoadLoop#SWEEP_MILLIS}. */
    void sweep() {
        if (isReady() && link != null) {
            dialect.sweep(link);
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

    private void ready(long nowNanos) {
        state = State.READY;
        int again = dialect.unread();
        sent -= again;
        send(again);
        loop.duty().ready(this, nowNanos);
    }

    // ---- what is sent

    /** Sends so many messages in one write. */
    void send(int count) {
        if (link != null && count > 0) {
            int length = loop.write(index, sent, count);
            sent += count;
            link.send(loop.writeArray(), dialect.sending(count, loop.writeArray(), length));
        }
    }
}
