package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.Kick;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * A server process that speaks firehose 3, as this backend knows it: the counts in both directions, the packets that it has
 * not acknowledged, and its sessions. It outlives its links.
 *
 * <p>A server and this backend count packets as a pair of instances. Where one of them has lost the counts, both begin anew
 * at 0: this backend keeps what the server has not acknowledged until the server has opened each session anew.
 *
 * <p>The reader of the current link owns the pair's state. One reader ends before the next begins. All other methods are
 * thread-safe.
 */
final class KnownServer implements SessionRoute {
    private static final long ANY_ID = 1;

    private final InstanceName name;
    private final BackendOptions options;
    private final SessionDirectory directory;
    private final Counters counters;
    private final ServerOutbox outbox;
    /** The number of packets taken over from the server. Written by the reader of the current link. */
    private final AtomicLong received = new AtomicLong();

    // The next three fields are for the reader of the current link.
    /** The name by which the server knows this backend; null before the first link. */
    private @Nullable InstanceName ownName;

    /** True if the counts of the pair contradict each other. */
    private boolean broken;
    /** True while the server opens sessions anew, so that some may be missing. */
    private boolean opening;

    // The next two fields are guarded by the directory's lock.
    /** The link that is read, or was read last. */
    private @Nullable Firehose current;
    /** The link that was accepted last. */
    private @Nullable Firehose newest;

    KnownServer(
            InstanceName name,
            BackendOptions options,
            Environment environment,
            SessionDirectory directory,
            Counters counters) {
        this.name = name;
        this.options = options;
        this.directory = directory;
        this.counters = counters;
        outbox = new ServerOutbox(
                options.sendBufferBytes(), environment.chunkBytes(), environment.nanoClock(), received::getAcquire);
    }

    InstanceName name() {
        return name;
    }

    ServerOutbox outbox() {
        return outbox;
    }

    // ---- links, under the directory's lock

    /**
     * Returns the link that has to end before another one can be used: an older one that waits or is read, or the other one
     * itself if it is older. Returns null if there is none.
     */
    @Nullable
    Firehose inTheWayOf(Firehose firehose) {
        assert isHeld();
        Firehose other = newest;
        if (other != null && other.number() > firehose.number()) {
            return firehose;
        }
        newest = firehose;
        if (other != null && other != firehose && !other.isReleased()) {
            return other;
        }
        return current == null || current.isReleased() ? null : current;
    }

    /** Begins to use a link, after the last handler call of the one before has returned. */
    void use(Firehose firehose) {
        assert isHeld();
        if (current != null) {
            directory.adopt(firehose, current);
        }
        current = firehose;
    }

    // ---- the pair of instances, for the reader of the current link

    /**
     * Goes on with the counts that Hello names, or begins anew, and begins to write to the link.
     *
     * @throws IOException if the server's count does not fit; at the next Hello both begin anew
     */
    void welcome(Version3 link, Hello hello, InstanceName preferred, int wishes) throws IOException {
        InstanceName spokenTo = InstanceName.of(hello.backend());
        InstanceName own = ownName == null ? preferred : ownName;
        boolean goesOn = ownName != null && !broken && spokenTo.equals(own);
        if (!goesOn) {
            // The server would take the same name for the same counts.
            own = spokenTo.equals(own) ? InstanceName.random() : own;
            beginAnew();
        } else if (!outbox.admitsReceived(hello.received())) {
            broken = true;
            throw new IOException(
                    "its server has counted " + hello.received() + " packets, which contradicts this backend's count");
        }
        ownName = own;
        Welcome welcome = new Welcome(Limits.PROTOCOL_VERSION_3, own.bytes(), received.get(), wishes, Attributes.EMPTY);
        counters.resent.add(outbox.attach(link, welcome, goesOn ? hello.received() : 0));
    }

    private void beginAnew() {
        broken = false;
        received.set(0);
        SessionTable sessions = sessions();
        outbox.beginAnew(sessions);
        opening = sessions.size() > 0;
    }

    SessionTable sessions() {
        assert current != null;
        return current.table();
    }

    /** Counts a packet that was taken over, and returns the count. */
    long takes() {
        long count = received.getPlain() + 1;
        received.setRelease(count);
        return count;
    }

    boolean isOpening() {
        return opening;
    }

    /** Called when the server has opened all sessions anew. */
    void hasOpened() {
        opening = false;
    }

    // ---- packets for sessions

    @Override
    public boolean send(Session session, byte[] data, int offset, int length, boolean mayWait) {
        options.checkLength(length);
        return outbox.append(session, data, offset, length, mayWait);
    }

    @Override
    public boolean send(Session session, ByteBuffer data, boolean mayWait) {
        options.checkLength(data.remaining());
        return outbox.append(session, data, mayWait);
    }

    @Override
    public boolean kick(Session session, String text) {
        directory.lock();
        try {
            if (directory.isClosed() || !session.isOpen()) {
                return false;
            }
            session.close(true);
            outbox.appendKick(session, kickData(text));
            return true;
        } finally {
            directory.unlock();
        }
    }

    private static byte[] kickData(String text) {
        byte[] frame = MessageCodec.frame(ANY_ID, new Kick(text));
        return Arrays.copyOfRange(frame, Tag.FRAME_HEADER_BYTES, frame.length);
    }

    @Override
    public void drop(Session session) {
        counters.dropped.add(outbox.drop(session));
    }

    @Override
    public boolean isHeld() {
        return directory.isHeld();
    }
}
