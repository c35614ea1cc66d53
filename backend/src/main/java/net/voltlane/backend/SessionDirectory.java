package net.voltlane.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The directory of sessions and their firehoses. It begins sessions, lets them wait without a firehose, moves them to
 * another, and ends them.
 *
 * <pre>
 *              first packet of an id that nobody has
 *   (nothing) ---------------------------------------&gt; of a firehose --- Failure ---&gt; ended
 *                                                        |      ^                       ^
 *                                       firehose is lost |      | a packet on another   |
 *                                                        v      | firehose              |
 *                                                       away ---+                       |
 *                                                        |     orphan timeout, Failure  |
 *                                                        +------------------------------+
 * </pre>
 *
 * Nothing on the wire says which server dials. A new firehose continues a lost one if it carries the same session ids.
 * These are 53 random bits, which two servers do not choose by chance.
 *
 * <p>Thread-safe, by one lock. It is taken when sessions begin, move or end, not for each packet. An {@link Outbox}'s
 * lock may be taken while this one is held, never the other way round.
 */
final class SessionDirectory {
    private final BackendOptions options;
    private final Counters counters;
    private final ReentrantLock lock = new ReentrantLock();

    /** Attached firehoses, and lost ones whose sessions still wait. Guarded by the lock, as are the next fields. */
    private final List<Firehose> firehoses = new ArrayList<>();

    private final KeptPackets kept;
    private final SessionQuota quota;
    /** The number of the newest firehose. Read without the lock. */
    private volatile long newest;

    private boolean closed;

    SessionDirectory(BackendOptions options, Counters counters) {
        this.options = options;
        this.counters = counters;
        kept = new KeptPackets(options.awayBufferBytes(), counters);
        quota = new SessionQuota(options.maxSessions());
    }

    // ---- firehoses and sessions begin

    void add(Firehose firehose) {
        lock.lock();
        try {
            firehoses.add(firehose);
            newest = firehose.number();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of the newest firehose. */
    long newest() {
        return newest;
    }

    /**
     * Finds the session of a packet whose id its firehose has not carried before: one that waits for a firehose, or a
     * new one. If a lost firehose has the session, waits until its last handler call has returned, so that calls about
     * one session never overlap. If that takes too long, the session begins a second time. For the firehose's reader.
     *
     * @return the session; null for the Failure of an unknown session, and if there is no room for one more session
     */
    @Nullable
    Session first(Firehose firehose, long id, Flag flag) {
        while (true) {
            SearchResult found = find(firehose, id, flag);
            if (found.inTheWay() == null) {
                return found.session();
            }
            firehose.replace(found.inTheWay());
        }
    }

    private SearchResult find(Firehose firehose, long id, Flag flag) {
        lock.lock();
        try {
            // The newest first: a session that has begun twice goes on as the later one.
            for (int i = firehoses.size() - 1; i >= 0; i--) {
                Firehose other = firehoses.get(i);
                Session session = other == firehose ? null : other.table().get(id);
                if (session == null) {
                    continue;
                }
                if (other.isReleased()) {
                    return new SearchResult(takeOver(session, firehose, flag), null);
                }
                if (firehose.mayReplace(other, flag)) {
                    return new SearchResult(null, other);
                }
            }
            if (flag == Flag.FAILURE) {
                return SearchResult.NOTHING;
            }
            return quota.admits(firehose.host()) ? new SearchResult(begin(firehose, id), null) : refuse(firehose, id);
        } finally {
            lock.unlock();
        }
    }

    /** Refuses a session. The client is kicked if possible, as it would wait for answers in vain. */
    private SearchResult refuse(Firehose firehose, long id) {
        counters.refusedSessions.increment();
        firehose.outbox().tryKick(id);
        return SearchResult.NOTHING;
    }

    private Session begin(Firehose firehose, long id) {
        Session session = new Session(id, firehose, this);
        quota.begun(firehose.host());
        firehose.table().add(session);
        return session;
    }

    private Session takeOver(Session session, Firehose firehose, Flag flag) {
        assert lock.isHeldByCurrentThread() && session.firehose() != firehose;
        Firehose lost = session.firehose();
        quota.moved(lost.host(), firehose.host());
        lost.table().remove(session);
        if (lost.table().size() == 0) {
            firehoses.remove(lost);
        }
        firehose.table().add(session);
        if (flag == Flag.FAILURE) {
            kept.drop(session);
        }
        kept.send(session, firehose.outbox());
        if (session.hasRefused() && session.isOpen()) {
            firehose.tellWritable();
        }
        session.moveTo(firehose);
        return session;
    }

    // ---- packets for sessions

    void checkLength(int length) {
        if (length > options.maxDataBytes()) {
            throw new IllegalArgumentException(
                    "a packet of " + length + " bytes (expected: at most " + options.maxDataBytes()
                            + ", see BackendOptions.maxFrameBytes: for a longer one servers cut the firehose)");
        }
    }

    /** Keeps a packet for a session whose firehose is closed. */
    Outbox.Result keep(Session session, byte[] data, int offset, int length, boolean mayWait) {
        lock.lock();
        try {
            if (!session.isOpen()) {
                return Outbox.Result.REFUSED;
            }
            if (!session.isAway()) {
                return Outbox.Result.CLOSED; // it has another firehose by now
            }
            if (session.hasGap() || !kept.hasRoom(Tag.FRAME_HEADER_BYTES + length)) {
                if (!mayWait) {
                    session.refuse();
                }
                return Outbox.Result.REFUSED;
            }
            kept.keepData(session, data, offset, length);
            return Outbox.Result.QUEUED;
        } finally {
            lock.unlock();
        }
    }

    boolean kick(Session session) {
        Firehose overrun;
        lock.lock();
        try {
            if (closed || !session.isOpen()) {
                return false;
            }
            session.close(true);
            Firehose firehose = session.firehose();
            overrun = firehose.outbox().appendKick(session.id()) ? null : firehose;
        } finally {
            lock.unlock();
        }
        if (overrun != null) {
            overrun.lose("did not take its kicks");
        }
        return true;
    }

    // ---- sessions lose their firehose

    /**
     * Called when a firehose is lost and its writer has ended. Its sessions are away from now on, and the packets that
     * were not sent are kept for them. Once the bound is reached no more packets are kept, since a gap at the end is
     * better than one in the middle. For the same reason a session that has lost a packet takes no more until it is
     * back.
     */
    void detach(Firehose firehose) {
        lock.lock();
        try {
            firehose.table().forEach(Session::leave);
            boolean[] full = {false};
            boolean refused = firehose.outbox().close((id, flag, bytes, offset, length) -> {
                Session session = firehose.table().get(id);
                if (flag != Flag.DATA || session == null) {
                    return; // a kick is sent again later, and packets for a session that has ended are not needed
                }
                full[0] = full[0] || !kept.keep(session, bytes, offset, length);
                if (full[0]) {
                    session.breakSequence();
                    counters.dropped.increment();
                }
            });
            if (refused) {
                firehose.table().forEach(Session::refuse);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Called when the last handler call of a lost firehose has returned: its sessions may be taken over from now on.
     */
    void release(Firehose firehose, long nowNanos) {
        lock.lock();
        try {
            firehose.released(nowNanos);
            if (firehose.table().size() == 0) {
                firehoses.remove(firehose);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- sessions end

    /** Ends a session on the word of its server. */
    void end(Session session) {
        lock.lock();
        try {
            session.close(false);
            quota.ended(session.firehose().host());
            session.firehose().table().remove(session);
        } finally {
            lock.unlock();
        }
    }

    /** Extends the wait of sessions without a server. */
    void postpone(long nanos) {
        lock.lock();
        try {
            for (Firehose firehose : firehoses) {
                if (firehose.isReleased()) {
                    firehose.released(firehose.releasedNanos() + nanos);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends sessions that have waited for too long. Each is handed on before another session can begin with its id. */
    void expire(long nowNanos, Consumer<Session> ended) {
        List<Session> orphans = new ArrayList<>();
        lock.lock();
        try {
            long limit = options.orphanTimeout().toNanos();
            Set<Firehose> tooMany = FirehoseEviction.chooseSurplus(
                    firehoses.stream().filter(Firehose::isReleased).toList(), options.maxFirehoses());
            firehoses.removeIf(firehose -> {
                boolean over = firehose.isReleased() && nowNanos - firehose.releasedNanos() >= limit
                        || tooMany.contains(firehose);
                if (over) {
                    firehose.table().forEach(orphans::add);
                }
                return over;
            });
            for (Session orphan : orphans) {
                orphan.close(false);
                quota.ended(orphan.firehose().host());
                orphan.firehose().table().remove(orphan);
                kept.drop(orphan);
                ended.accept(orphan);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called when the backend closes: there will be no new firehose, so no more packets are kept. */
    void close() {
        lock.lock();
        try {
            closed = true;
            kept.close();
        } finally {
            lock.unlock();
        }
    }

    // ---- queries

    /** Tells whether the calling thread holds the lock, for assertions. */
    boolean isHeld() {
        return lock.isHeldByCurrentThread();
    }

    private <T extends @Nullable Object> T locked(Supplier<T> query) {
        lock.lock();
        try {
            return query.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Chooses the firehose that gives way to a connection from a host at the limit of firehoses.
     *
     * @return null if none gives way
     */
    @Nullable
    Firehose chooseVictim(SourceHost newcomer) {
        return locked(() -> FirehoseEviction.chooseVictim(
                attached(), firehose -> firehose.table().size(), newcomer));
    }

    /** Returns the firehoses that are not lost. */
    List<Firehose> attached() {
        return locked(
                () -> firehoses.stream().filter(firehose -> !firehose.isLost()).toList());
    }

    /** Returns every firehose whose threads may still run. */
    List<Firehose> running() {
        return locked(() ->
                firehoses.stream().filter(firehose -> !firehose.isReleased()).toList());
    }

    /** Returns the session with an id, of the newest firehose that has one. */
    @Nullable
    Session get(long id) {
        return locked(() -> {
            for (int i = firehoses.size() - 1; i >= 0; i--) {
                Session session = firehoses.get(i).table().get(id);
                if (session != null) {
                    return session;
                }
            }
            return null;
        });
    }

    List<Session> all() {
        return locked(() -> sessionsOf(firehoses));
    }

    List<Session> of(Firehose firehose) {
        return locked(() -> sessionsOf(List.of(firehose)));
    }

    private static List<Session> sessionsOf(List<Firehose> some) {
        List<Session> all = new ArrayList<>();
        some.forEach(firehose -> firehose.table().forEach(all::add));
        return all;
    }

    @Nullable
    Session get(Firehose firehose, long id) {
        return locked(() -> firehose.table().get(id));
    }

    BackendStats stats() {
        return locked(() -> {
            int away = firehoses.stream()
                    .filter(Firehose::isLost)
                    .mapToInt(firehose -> firehose.table().size())
                    .sum();
            return counters.snapshot(attached().size(), quota.all(), away);
        });
    }
}
