package net.voltlane.testkit.version3;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one session of version 3, over all of its links. It counts what it sends and what it takes over,
 * keeps what is not acknowledged, and sends it again behind a resume. Whatever the server does against the protocol is
 * an {@link AssertionError}. It belongs to one thread.
 */
public final class CountedClient {
    /** The application, and whoever judges the server. */
    public interface Watch {
        /** The next Data frame has come. */
        void received(long number, byte[] payload);

        /** The session is there; it is known by this id. */
        default void opened(long id) {}

        /** Frames up to this one are acknowledged. */
        default void acknowledged(long number) {}

        /** The session is live on a new link; the server has read frames up to {@code accepted}. */
        default void resumed(long accepted) {}

        /** The server ends the link for a reason. */
        default void closed(CountedClientLink link, int code, long retryAfterMillis, String text) {}

        /** The server asks for a resume within a time. */
        default void goesAway(long withinMillis) {}
    }

    final ClientKeys keys;
    final Watch watch;
    private final String name;

    private long id;
    private byte @Nullable [] serverKey;
    private @Nullable SessionProof proof;

    private long sent;
    private long acknowledged;
    private long accepted;
    private boolean losesServers;
    private long received;
    private long told;
    private final Deque<byte[]> kept = new ArrayDeque<>();

    private @Nullable CountedClientLink link;

    /** @param name for messages */
    public CountedClient(String name, ClientKeys keys, Watch watch) {
        this.name = name;
        this.keys = keys;
        this.watch = watch;
    }

    /** From now on its server may be another one, which has not read what the last one had. */
    public void losesServers() {
        losesServers = true;
    }

    // ---- links

    /**
     * Begins the session on a new connection.
     *
     * @param out takes what is written, as whole frames
     * @param heartbeatSecs the wish for a heartbeat
     */
    public CountedClientLink open(Consumer<byte[]> out, byte[] credentials, int heartbeatSecs) {
        CountedClientLink next = new CountedClientLink(this, out);
        link = next;
        next.open(credentials, heartbeatSecs);
        return next;
    }

    /** Resumes the session on a new connection; nothing more is taken over from an older one. */
    public CountedClientLink resume(Consumer<byte[]> out, byte[] nonce) {
        CountedClientLink next = new CountedClientLink(this, out);
        link = next;
        told = received;
        next.resume(nonce, received, acknowledged + 1, true);
        return next;
    }

    /** A resume that claims what is not true, and is to be refused. */
    public CountedClientLink resumeClaiming(
            Consumer<byte[]> out, byte[] nonce, long claimedReceived, long claimedKept) {
        CountedClientLink next = new CountedClientLink(this, out);
        link = next;
        next.resume(nonce, claimedReceived, claimedKept, false);
        return next;
    }

    /** The link that it uses; null before the first one. */
    public @Nullable CountedClientLink link() {
        return link;
    }

    /** True if it has a session, and a link that is in use for it. */
    public boolean isLive() {
        return link != null && link.isLive();
    }

    // ---- what it does

    /** Sends a Data frame, now or once there is a link for it. */
    public void send(byte[] payload) {
        sent++;
        kept.add(payload);
        if (link != null && link.mayWriteData()) {
            link.data(payload);
        }
    }

    /** Acknowledges what it has taken over, where there is something new. */
    public void acknowledge() {
        if (link != null && link.isLive() && told < received) {
            told = received;
            link.write(FrameType.ACK, new FieldWriter().u64(received));
        }
    }

    public void ping(byte[] bytes) {
        if (link != null && link.isLive()) {
            link.write(FrameType.PING, new FieldWriter().bytes(bytes));
        }
    }

    /** Ends the session. */
    public void leave() {
        if (link != null && link.isLive()) {
            link.write(FrameType.LEAVE, new FieldWriter());
            link.leaves();
        }
    }

    // ---- what it knows

    /** The session's id; 0 until it was told. */
    public long id() {
        return id;
    }

    /** Number of Data frames that it has sent in all. */
    public long sent() {
        return sent;
    }

    /** Number of the last of its frames that is acknowledged. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Number of Data frames that it has taken over in all. */
    public long received() {
        return received;
    }

    /** Number of Data frames that it has acknowledged. */
    public long told() {
        return told;
    }

    /** Number of the last frame that the server is known to have read, by its last resume. */
    public long accepted() {
        return accepted;
    }

    // ---- for its links

    void isOpen(long newId, byte[] key) {
        unless(id == 0, "opened twice");
        unless(newId > 0 && newId < 1L << 53, "an id that is not allowed: " + newId);
        id = newId;
        serverKey = key;
        watch.opened(newId);
    }

    SessionProof proof() {
        if (proof == null) {
            byte[] key = serverKey;
            if (key == null) {
                throw new AssertionError(this + ": no session to resume");
            }
            proof = new SessionProof(keys.shared(key), id, keys.publicKey(), key);
        }
        return proof;
    }

    void isResumed(long acceptedNow) {
        unless(acceptedNow <= sent, "accepted " + acceptedNow + " of " + sent + " sent");
        unless(
                acceptedNow >= acknowledged,
                "accepted " + acceptedNow + ", and acknowledged " + acknowledged + " before");
        unless(losesServers || acceptedNow >= accepted, "accepted " + acceptedNow + ", and " + accepted + " before");
        accepted = acceptedNow;
        watch.resumed(acceptedNow);
    }

    /** The frames that are kept, from this number on. */
    List<byte[]> from(long number) {
        List<byte[]> frames = new ArrayList<>();
        long next = acknowledged + 1;
        for (Iterator<byte[]> each = kept.iterator(); each.hasNext(); next++) {
            byte[] payload = each.next();
            if (next >= number) {
                frames.add(payload);
            }
        }
        return frames;
    }

    void isAcknowledged(long number) {
        unless(number >= acknowledged, "an Ack goes back from " + acknowledged + " to " + number);
        unless(number <= sent, "an Ack for " + number + " of " + sent + " sent");
        for (; acknowledged < number; acknowledged++) {
            kept.remove();
        }
        watch.acknowledged(number);
    }

    void isReceived(byte[] payload) {
        watch.received(++received, payload);
    }

    void unless(boolean fine, String message) {
        if (!fine) {
            throw new AssertionError(this + ": " + message);
        }
    }

    @Override
    public String toString() {
        return name + (id == 0 ? "" : " of session " + id);
    }
}
