package net.voltlane.backend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
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
    private final UndeliveredBudget undelivered;
    private final ReentrantLock lock = new ReentrantLock();

    /** Attached firehoses, and lost ones whose sessions still wait. Guarded by the lock, as are the next fields. */
    private final List<Firehose> firehoses = new ArrayList<>();

    private final SessionQuota quota;
    private final EndedSessions ended = new EndedSessions();
    /** The number of the newest firehose. Read without the lock. */
    private volatile long newest;

    private boolean closed;

    SessionDirectory(BackendOptions options, Counters counters, UndeliveredBudget undelivered) {
        this.options = options;
        this.counters = counters;
        this.undelivered = undelivered;
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
        assert isHeld() && lost.held().isReleased();
        firehose.held().exchangeTables(lost.held());
        firehoses.remove(lost);
        firehose.held().table().forEach(session -> {
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
        ended.remove(id);
        Session session = new Session(id, firehose, route);
        quota.begun(firehose.host());
        firehose.held().table().add(session);
        return session;
    }

    /** Moves a session from its lost firehose to another. */
    void move(Session session, Firehose firehose) {
        assert isHeld();
        Firehose lost = session.firehose();
        quota.moved(lost.host(), firehose.host());
        lost.held().table().remove(session);
        if (lost.held().table().size() == 0) {
            firehoses.remove(lost);
        }
        firehose.held().table().add(session);
    }

    /** Lets a firehose handle a session's packets, while another one still has the session. */
    void claim(Session session, Firehose firehose) {
        assert isHeld();
        quota.moved(session.firehose().host(), firehose.host());
        session.claim(firehose);
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
            firehose.held().released(nowNanos);
            if (firehose.held().table().size() == 0 && !firehose.version().outlivesSessions()) {
                firehoses.remove(firehose);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- sessions end

    /** Ends a session on the word of its server. Another server may just have claimed it. For the firehose's reader. */
    void end(Session session, Firehose firehose) {
        lock.lock();
        try {
            close(session);
            firehose.held().table().remove(session);
        } finally {
            lock.unlock();
        }
    }

    /** Closes a session and counts it no longer. */
    void close(Session session) {
        assert isHeld();
        session.close(false);
        quota.ended(session.firehose().host());
        if (session.isNumbered()) {
            session.numbers().end();
            ended.add(session.id(), session.numbers().epoch());
        }
    }

    /** Returns the sessions that have ended lately. Under the lock. */
    EndedSessions ended() {
        assert isHeld();
        return ended;
    }

    /** Extends the wait of sessions without a server. */
    void postpone(long nanos) {
        lock.lock();
        try {
            for (Firehose firehose : firehoses) {
                if (firehose.held().isReleased()) {
                    firehose.held().released(firehose.held().releasedNanos() + nanos);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends sessions that have waited for too long. Each is handed on before another session can begin with its id. */
    void expire(long nowNanos, BiConsumer<Session, EndReason> ended) {
        lock.lock();
        try {
            Map<Session, EndReason> orphans = new LinkedHashMap<>();
            long usual = options.orphanTimeout().toNanos();
            List<Firehose> lost = firehoses.stream()
                    .filter(firehose -> firehose.held().isReleased())
                    .toList();
            Set<Firehose> tooMany = FirehoseEviction.chooseSurplus(lost, options.maxFirehoses());
            tooMany.addAll(FirehoseEviction.chooseHeaviest(lost, options.sendBufferBytes()));
            firehoses.removeIf(firehose -> {
                FirehoseVersion version = firehose.version();
                boolean late = firehose.held().isReleased()
                        && nowNanos - firehose.held().releasedNanos() >= version.patienceNanos(usual);
                boolean over = late || tooMany.contains(firehose);
                if (over) {
                    version.forget();
                    firehose.held()
                            .table()
                            .forEach(session ->
                                    orphans.put(session, late ? version.lostReason(session) : EndReason.ORPHANED));
                }
                return over;
            });
            orphans.forEach((orphan, reason) -> {
                close(orphan);
                orphan.firehose().held().table().remove(orphan);
                orphan.drop();
                ended.accept(orphan, reason);
            });
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
                attached(), firehose -> firehose.held().owned(), newcomer));
    }

    /** Returns the firehoses that are not lost. */
    List<Firehose> attached() {
        return locked(
                () -> firehoses.stream().filter(firehose -> !firehose.isLost()).toList());
    }

    /** Returns every firehose whose threads may still run. */
    List<Firehose> running() {
        return locked(() -> firehoses.stream()
                .filter(firehose -> !firehose.held().isReleased())
                .toList());
    }

    /** Returns the session with an id, of the newest firehose that has one. */
    @Nullable
    Session get(long id) {
        return locked(() -> {
            for (int i = firehoses.size() - 1; i >= 0; i--) {
                Session session = firehoses.get(i).held().own(id);
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
        some.forEach(firehose -> firehose.held().forEachOwn(all::add));
        return all;
    }

    @Nullable
    Session get(Firehose firehose, long id) {
        return locked(() -> firehose.held().own(id));
    }

    BackendStats stats() {
        return locked(() -> {
            int away = firehoses.stream()
                    .filter(Firehose::isLost)
                    .mapToInt(firehose -> firehose.held().owned())
                    .sum();
            return counters.snapshot(attached().size(), quota.all(), away, undelivered.held());
        });
    }
}
