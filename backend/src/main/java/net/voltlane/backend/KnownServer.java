package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
 * <p>If the server keeps records of its sessions, another server may go on with them, see {@link Adoptions}. A session sends
 * by the server that has it, which need not be the one that has opened it.
 *
 * <p>The reader of the current link owns the pair's state. One reader ends before the next begins. All other methods are
 * thread-safe.
 */
final class KnownServer implements SessionRoute {
    private static final long ANY_ID = 1;
    /** The time for which sessions wait longer for a lost server than that keeps them. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The time for which a server tries to connect again, if it is not set otherwise, and the grace. */
    private static final long RETURN_NANOS = TimeUnit.SECONDS.toNanos(35);

    /** The time within which a server looks a few times whether anybody has a session that it has let go. */
    private static final long LOOKS_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long MAX_STALE_MILLIS = TimeUnit.DAYS.toMillis(365);

    private final InstanceName name;
    private final BackendOptions options;
    private final SessionDirectory directory;
    private final Counters counters;
    private final UndeliveredBudget undelivered;
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
    /** The number of packets that come again on this link although they were handled before. */
    private long repeats;

    /** The time for which a session waits for its client; 0 if the server keeps no records, so that its sessions end with it. */
    private volatile long staleNanos;

    // The next three fields are guarded by the directory's lock.
    /** The link that is read, or was read last. */
    private @Nullable Firehose current;
    /** The link that was accepted last. */
    private @Nullable Firehose newest;

    private final FormerSessions former = new FormerSessions();

    KnownServer(
            InstanceName name,
            BackendOptions options,
            Environment environment,
            SessionDirectory directory,
            Counters counters,
            UndeliveredBudget undelivered) {
        this.name = name;
        this.options = options;
        this.directory = directory;
        this.counters = counters;
        this.undelivered = undelivered;
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
        if (other != null && other != firehose && !other.held().isReleased()) {
            return other;
        }
        return current == null || current.held().isReleased() ? null : current;
    }

    /** Begins to use a link, after the last handler call of the one before has returned. */
    void use(Firehose firehose) {
        assert isHeld();
        if (current != null) {
            directory.adopt(firehose, current);
        }
        current = firehose;
    }

    /** Returns the link that is read, or was read last. */
    Firehose link() {
        assert isHeld() && current != null;
        return current;
    }

    /** Returns the session with an id that this server has. Under the directory's lock. */
    @Nullable
    Session find(long id) {
        assert isHeld();
        Session session = current == null ? null : current.held().table().get(id);
        return session != null && session.numbers().server() == this ? session : null;
    }

    /** Returns the sessions of this server that another one has. Under the directory's lock. */
    FormerSessions former() {
        assert isHeld();
        return former;
    }

    // ---- sessions that outlive their server

    /** Tells whether the server keeps records of its sessions, so that these outlive it. */
    boolean hasRecords() {
        return staleNanos > 0;
    }

    /** Tells whether sessions of this server may go on at another one, for which copies of what was sent are kept. */
    boolean adopts() {
        return staleNanos > 0 && undelivered.isKeeping();
    }

    /**
     * Returns how long its sessions wait after its link was lost: {@code otherwise} if they end with the server. If others
     * can go on with them, the time that clients have for their return counts. That may be short, and the server may live and
     * have lost its link only for a while. So they wait as long as a server usually tries to connect again, or for {@code
     * otherwise} if that is less.
     */
    long patienceNanos(long otherwise) {
        return hasRecords() ? Math.max(staleNanos + GRACE_NANOS, Math.min(otherwise, RETURN_NANOS)) : otherwise;
    }

    /** Returns how long a server may have something to say about a session that is over. */
    long memoryNanos() {
        return 2 * (staleNanos + GRACE_NANOS) + LOOKS_NANOS;
    }

    /** Returns what keeps the copies for a client of this server; null if nothing need be kept. */
    @Nullable
    UndeliveredPackets undelivered() {
        return adopts() ? new UndeliveredPackets(undelivered) : null;
    }

    private void learn(Hello hello) {
        Long millis = Numbers.decimal(hello.attributes().text(Attributes.STALE_TIMEOUT));
        if (millis != null) { // a process that has a store keeps it
            staleNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(1, Math.min(millis, MAX_STALE_MILLIS)));
        }
    }

    /** Returns what is wished for: without records there is nothing to adopt, and nothing is kept until it is delivered. */
    private int wishes(int ofHandler) {
        return adopts() ? ofHandler | Welcome.DELIVERED | Welcome.ADOPTS : ofHandler;
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
        learn(hello);
        // What must not be acknowledged yet comes again, and is not handled again.
        long told = outbox.acknowledgeable(goesOn ? hello.received() : 0);
        repeats += received.get() - told;
        received.set(told);
        Welcome welcome = new Welcome(Limits.PROTOCOL_VERSION_3, own.bytes(), told, wishes(wishes), Attributes.EMPTY);
        counters.resent.add(outbox.attach(link, welcome, goesOn ? hello.received() : 0));
    }

    private void beginAnew() {
        broken = false;
        received.set(0);
        repeats = 0;
        SessionTable sessions = sessions();
        outbox.beginAnew(sessions);
        opening = sessions.size() > 0;
    }

    SessionTable sessions() {
        assert current != null;
        return current.held().table();
    }

    /** Counts a packet that was taken over, and returns the count. */
    long takes() {
        long count = received.getPlain() + 1;
        received.setRelease(count);
        return count;
    }

    /** Counts a packet that was handled before and has come again. Returns false if there is none. */
    boolean repeats() {
        if (repeats == 0) {
            return false;
        }
        repeats--;
        return true;
    }

    /** Returns the number of packets that were taken over. For the reader. */
    long received() {
        return received.getPlain();
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
        while (true) {
            ServerOutbox.Result result = outboxOf(session).append(session, data, offset, length, mayWait);
            if (result != ServerOutbox.Result.MOVED) {
                return result == ServerOutbox.Result.QUEUED;
            }
        }
    }

    @Override
    public boolean send(Session session, ByteBuffer data, boolean mayWait) {
        options.checkLength(data.remaining());
        while (true) {
            ServerOutbox.Result result = outboxOf(session).append(session, data, mayWait);
            if (result != ServerOutbox.Result.MOVED) {
                return result == ServerOutbox.Result.QUEUED;
            }
        }
    }

    @Override
    public boolean kick(Session session, String text) {
        directory.lock();
        try {
            if (directory.isClosed() || !session.isOpen()) {
                return false;
            }
            session.close(true);
            byte[] data = kickData(text);
            session.numbers().kicks(data);
            outboxOf(session).appendKick(session, data);
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
        counters.dropped.add(outboxOf(session).drop(session));
    }

    /** Returns the queue of the server that has the session, which need not be the one that has opened it. */
    private static ServerOutbox outboxOf(Session session) {
        return session.numbers().server().outbox();
    }

    @Override
    public boolean isHeld() {
        return directory.isHeld();
    }
}
