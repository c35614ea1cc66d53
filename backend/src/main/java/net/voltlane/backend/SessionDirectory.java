package net.voltlane.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The directory of sessions and their firehoses, of all versions. It counts sessions and ends them; {@link
 * Version2Sessions} has the rules by which those of firehose 2 begin and move.
 *
 * <p>Thread-safe, by one lock. It is taken when sessions begin, move or end, not for each packet. The lock of an {@link
 * Outbox} may be taken while this one is held, never the other way round.
 */
final class SessionDirectory {
    private final BackendOptions options;
    private final Counters counters;
    private final ReentrantLock lock = new ReentrantLock();

    /** Attached firehoses, and lost ones whose sessions still wait. Guarded by the lock, as are the next fields. */
    private final List<Firehose> firehoses = new ArrayList<>();

    private final SessionQuota quota;
    /** The number of the newest firehose. Read without the lock. */
    private volatile long newest;

    private boolean closed;

    SessionDirectory(BackendOptions options, Counters counters) {
        this.options = options;
        this.counters = counters;
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

    /** Moves all sessions from a lost firehose to another one of the same server. */
    void adopt(Firehose firehose, Firehose lost) {
        assert isHeld() && lost.isReleased();
        firehose.exchangeTables(lost);
        firehoses.remove(lost);
        firehose.table().forEach(session -> {
            quota.moved(lost.host(), firehose.host());
            session.moveTo(firehose);
        });
    }

    /** Begins a session, unless there is no room for one more. Returns null then; the refusal is counted. */
    @Nullable
    Session begin(Firehose firehose, long id, SessionRoute route) {
        assert isHeld();
        if (!quota.admits(firehose.host())) {
            counters.refusedSessions.increment();
            return null;
        }
        Session session = new Session(id, firehose, route);
        quota.begun(firehose.host());
        firehose.table().add(session);
        return session;
    }

    /** Moves a session from its lost firehose to another. */
    void move(Session session, Firehose firehose) {
        assert isHeld();
        Firehose lost = session.firehose();
        quota.moved(lost.host(), firehose.host());
        lost.table().remove(session);
        if (lost.table().size() == 0) {
            firehoses.remove(lost);
        }
        firehose.table().add(session);
    }

    // ---- sessions lose their firehose

    /** Called when a firehose is lost and its writer has ended. */
    void detach(Firehose firehose) {
        lock.lock();
        try {
            firehose.version().detach();
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
            if (firehose.table().size() == 0 && !firehose.version().outlivesSessions()) {
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
            List<Firehose> lost =
                    firehoses.stream().filter(Firehose::isReleased).toList();
            Set<Firehose> tooMany = FirehoseEviction.chooseSurplus(lost, options.maxFirehoses());
            tooMany.addAll(FirehoseEviction.chooseHeaviest(lost, options.sendBufferBytes()));
            firehoses.removeIf(firehose -> {
                boolean over = firehose.isReleased() && nowNanos - firehose.releasedNanos() >= limit
                        || tooMany.contains(firehose);
                if (over) {
                    firehose.version().forget();
                    firehose.table().forEach(orphans::add);
                }
                return over;
            });
            for (Session orphan : orphans) {
                orphan.close(false);
                quota.ended(orphan.firehose().host());
                orphan.firehose().table().remove(orphan);
                orphan.drop();
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
        } finally {
            lock.unlock();
        }
    }

    // ---- queries

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /** Tells whether the calling thread holds the lock, for assertions. */
    boolean isHeld() {
        return lock.isHeldByCurrentThread();
    }

    /** Tells whether the backend has closed. */
    boolean isClosed() {
        assert isHeld();
        return closed;
    }

    /** Returns attached firehoses, and lost ones whose sessions still wait, the oldest first. Not a copy. */
    List<Firehose> firehoses() {
        assert isHeld();
        return firehoses;
    }

    <T extends @Nullable Object> T locked(Supplier<T> query) {
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
