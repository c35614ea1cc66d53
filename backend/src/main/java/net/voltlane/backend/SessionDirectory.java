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
 * Which session belongs to which firehose: how sessions begin, wait without a firehose, move to another, and end.
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
 * Nothing on the wire says which server dials. A new firehose is known to continue a lost one by the ids that it
 * carries: 53 random bits, which two servers do not share by chance.
 *
 * <p>Any thread. One lock; it is taken when sessions come, move or go, not for each packet. An {@link Outbox}'s lock
 * may be taken within this one, never the other way round.
 */
final class SessionDirectory {
    private final BackendOptions options;
    private final Counters counters;
    private final ReentrantLock lock = new ReentrantLock();

    /** The rest is guarded by the lock. Firehoses that are attached, and lost ones that sessions still wait for. */
    private final List<Firehose> firehoses = new ArrayList<>();

    private final KeptPackets kept;
    private final SessionRoom room;
    /** Read without the lock. */
    private volatile long newest;

    private boolean closed;

    SessionDirectory(BackendOptions options, Counters counters) {
        this.options = options;
        this.counters = counters;
        kept = new KeptPackets(options.awayBufferBytes(), counters);
        room = new SessionRoom(options.maxSessions());
    }

    /** What came of a search for the session that a firehose's packet belongs to. */
    private record Found(
            @Nullable Session session, @Nullable Firehose inTheWay) {
        static final Found NOTHING = new Found(null, null);
    }

    // ---- sessions come

    void add(Firehose firehose) {
        lock.lock();
        try {
            firehoses.add(firehose);
            newest = firehose.number();
        } finally {
            lock.unlock();
        }
    }

    /** The number of the firehose that came last. */
    long newest() {
        return newest;
    }

    /**
     * The session of a packet whose id its firehose has not carried before: one that waits for a firehose, or a new
     * one. Runs on the firehose's reader. Waits for a lost firehose that has the session until its last handler call is
     * over, so that calls about one session never overlap; if that takes too long, the session begins a second time.
     *
     * @return null for the Failure of a session that nobody knows, and where there is no room for one more session
     */
    @Nullable
    Session first(Firehose firehose, long id, Flag flag) {
        while (true) {
            Found found = find(firehose, id, flag);
            if (found.inTheWay() == null) {
                return found.session();
            }
            firehose.replace(found.inTheWay());
        }
    }

    private Found find(Firehose firehose, long id, Flag flag) {
        lock.lock();
        try {
            // The newest first: a session that has begun twice goes on with its later life.
            for (int i = firehoses.size() - 1; i >= 0; i--) {
                Firehose other = firehoses.get(i);
                Session session = other == firehose ? null : other.table().get(id);
                if (session == null) {
                    continue;
                }
                if (other.isReleased()) {
                    return new Found(takeOver(session, firehose, flag), null);
                }
                if (firehose.mayReplace(other, flag)) {
                    return new Found(null, other);
                }
            }
            if (flag == Flag.FAILURE) {
                return Found.NOTHING;
            }
            return room.admits(firehose.host()) ? new Found(begin(firehose, id), null) : refuse(firehose, id);
        } finally {
            lock.unlock();
        }
    }

    /** The client would wait for answers in vain: it is better off without the session, as far as that can be told. */
    private Found refuse(Firehose firehose, long id) {
        counters.refusedSessions.increment();
        firehose.outbox().tryKick(id);
        return Found.NOTHING;
    }

    private Session begin(Firehose firehose, long id) {
        Session session = new Session(id, firehose, this);
        room.begun(firehose.host());
        firehose.table().add(session);
        return session;
    }

    private Session takeOver(Session session, Firehose firehose, Flag flag) {
        Firehose lost = session.firehose();
        room.moved(lost.host(), firehose.host());
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

    // ---- sessions are sent to

    void checkLength(int length) {
        if (length > options.maxDataBytes()) {
            throw new IllegalArgumentException(
                    "a packet of " + length + " bytes (expected: at most " + options.maxDataBytes()
                            + ", see BackendOptions.maxFrameBytes: for a longer one servers cut the firehose)");
        }
    }

    /** Keeps a packet for a session whose firehose has just turned out to be closed. */
    Outbox.Result keep(Session session, byte[] data, int offset, int length, boolean mayWait) {
        lock.lock();
        try {
            if (!session.isOpen()) {
                return Outbox.Result.REFUSED;
            }
            if (!session.isAway()) {
                return Outbox.Result.CLOSED; // of another firehose by now
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

    // ---- sessions are left alone

    /**
     * A firehose is lost and its writer at its end: its sessions are away from now on, each with what was not sent to
     * it. Once the bound is reached nothing more is kept: a gap at the end is better than one in the middle. For the
     * same reason a session that has lost something then takes nothing more until it is back.
     */
    void detach(Firehose firehose) {
        lock.lock();
        try {
            firehose.table().forEach(Session::leave);
            boolean[] full = {false};
            boolean refused = firehose.outbox().close((id, flag, bytes, offset, length) -> {
                Session session = firehose.table().get(id);
                if (flag != Flag.DATA || session == null) {
                    return; // a kick is sent anew; nobody waits for what was sent to a session that has ended
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

    /** The last handler call of a lost firehose is over: its sessions may be taken over. */
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

    /** The server has said so. */
    void end(Session session) {
        lock.lock();
        try {
            session.close(false);
            room.ended(session.firehose().host());
            session.firehose().table().remove(session);
        } finally {
            lock.unlock();
        }
    }

    /** Has sessions without a server wait for so much longer. */
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

    /** Ends those that have waited for too long. Each is handed on before another session can begin with its id. */
    void expire(long nowNanos, Consumer<Session> ended) {
        List<Session> orphans = new ArrayList<>();
        lock.lock();
        try {
            long limit = options.orphanTimeout().toNanos();
            Set<Firehose> tooMany = Admission.lostTooMany(
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
                room.ended(orphan.firehose().host());
                orphan.firehose().table().remove(orphan);
                kept.drop(orphan);
                ended.accept(orphan);
            }
        } finally {
            lock.unlock();
        }
    }

    /** There will be no other firehose: nothing is kept any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            kept.close();
        } finally {
            lock.unlock();
        }
    }

    // ---- who is there

    private <T extends @Nullable Object> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The firehose that has to give way to a connection from a host, as there are so many already.
     *
     * @return null if none has to
     */
    @Nullable
    Firehose whoGivesWay(Host newcomer) {
        return locked(() ->
                Admission.whoGivesWay(attached(), firehose -> firehose.table().size(), newcomer));
    }

    /** The firehoses that are not lost. */
    List<Firehose> attached() {
        return locked(
                () -> firehoses.stream().filter(firehose -> !firehose.isLost()).toList());
    }

    /** Every firehose whose threads may still run. */
    List<Firehose> running() {
        return locked(() ->
                firehoses.stream().filter(firehose -> !firehose.isReleased()).toList());
    }

    /** The session with an id, of the newest firehose that has one. */
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
            return counters.snapshot(attached().size(), room.all(), away);
        });
    }
}
