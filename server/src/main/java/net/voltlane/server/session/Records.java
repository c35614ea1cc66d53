package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.proof.SessionKey;
import net.voltlane.server.link.Owner;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Timing;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.SessionSecrets;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoredRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of this server's sessions in a store outside of its process: written when a session is opened, renewed while
 * it lives, and forgotten when it ends. No packet and no session waits for them, but for new sessions, see
 * {@link Openings}.
 *
 * <pre>
 *   opened ────────► put                   kept for the stale time and two cycles
 *   goes stale ────► keep                  kept for exactly the rest of its stale time
 *   resumed ───────► keep                  as at the opening
 *   each cycle ────► keep, in slices       or put, where the store is not known to have the record
 *   store is back ─► put all, in slices    as records may be lost
 *   over ──────────► forget
 * </pre>
 *
 * <p>What comes up within one run of the session loop goes out in one call of each kind, behind that run. A call that fails
 * costs nothing at once: the next cycle makes up for it. So all that a session keeps of this is the state of its record.
 * Belongs to the session loop.
 */
final class Records implements RecordStore.Listener {
    /** The epoch of a session at its opening. */
    static final long FIRST_EPOCH = 1;
    /** The number of sessions that are written again with one call when the store is back. */
    static final int SLICE = 512;
    /** The most records that are renewed with one call. */
    static final int MOST_AT_ONCE = 8_192;
    /** The number of ended sessions that wait to be forgotten while the store is away. Others expire. */
    static final int MOST_UNFORGOTTEN = 1 << 16;

    // What is asked for a session with the next flush.
    private static final byte NONE = 0;
    private static final byte KEEP = 1;
    private static final byte PUT = 2;

    private static final long SHORTEST_CYCLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_CYCLE_NANOS = TimeUnit.HOURS.toNanos(1);
    /** Where the stale time has no end, a record that nobody renews is kept for a year. */
    private static final long LONGEST_STALE_NANOS = TimeUnit.DAYS.toNanos(365);

    /** A new session that waits for its record. */
    interface Opening {
        /** The id under which the session is to be opened. */
        long id();

        /** False once nobody waits for the answer any more. */
        boolean isWaiting();

        SessionSecrets secrets();

        /**
         * The record is written.
         *
         * @param isThere false if the store may have lost it since
         */
        void written(boolean isThere);

        /** Another server has a session with this id. */
        void idIsTaken();

        /** The store has failed, or not answered in time. It may have written the record all the same. */
        void failed();
    }

    /** What one call of put is about. */
    private record Batch(List<Opening> openings, List<Session> sessions, int generation, long sinceNanos) {
        int size() {
            return openings.size() + sessions.size();
        }
    }

    private final Owner loop;
    private final RecordKeeping keeping;
    private final RecordStore store;
    private final SessionTable table;
    private final SessionLife life;
    private final Counters counters;
    private final LongSupplier nanoClock;
    private final StoreLog log;

    private boolean isUp;
    /** Rises each time that the store may have lost records. A session's record counts if it is of the present one. */
    private int generation = 1;
    /** Sessions of the table whose record the store has, as far as is known. */
    private int recorded;

    // What goes out with the next flush.
    private List<Opening> toOpen = new ArrayList<>();
    private List<Session> toPut = new ArrayList<>();
    private List<Session> toKeep = new ArrayList<>();
    private List<Held> toForget = new ArrayList<>();
    private boolean isFlushAsked;

    /** Sessions that have ended, while the store could not be told. */
    private List<Held> unforgotten = new ArrayList<>();

    /** The walk that writes all sessions again; null when that is done. */
    private SessionTable.@Nullable Walk rewrite;
    /** The walk that renews the records. */
    private SessionTable.@Nullable Walk renewal;

    private double renewalsDue;
    private long renewedAtNanos;

    Records(SessionEnvironment env, RecordKeeping keeping, SessionTable table, SessionLife life) {
        loop = env.owner();
        counters = env.counters();
        nanoClock = env.nanoClock();
        this.keeping = keeping;
        this.table = table;
        this.life = life;
        store = keeping.store();
        isUp = store.isUp();
        log = new StoreLog(nanoClock);
        renewedAtNanos = nanoClock.getAsLong();
    }

    /** True while the store answers, as far as is known. */
    boolean isUp() {
        return isUp && store.isUp();
    }

    /** True if the store is there, and has the record of this session, as far as is known. */
    boolean has(Session session) {
        return isUp() && session.recordGeneration == generation;
    }

    /** The number of sessions whose record the store does not have, as far as is known. */
    int unrecorded() {
        return table.size() - recorded;
    }

    // ---- the life of a session

    /** Writes the record of a session that waits to be opened, and tells it how that went. */
    void open(Opening next) {
        toOpen.add(next);
        askForFlush();
    }

    /** A session is in the table, opened or adopted. */
    void opened(Session session, boolean isRecorded) {
        if (isRecorded) {
            recorded(session);
        }
    }

    /** Its stale time has begun, or is over: its record is kept for another time. */
    void timeChanged(Session session) {
        renew(session);
    }

    /** The session is no longer in the table, as it has ended. */
    void ended(Session session) {
        unrecorded(session);
        forget(session.id, session.epoch);
    }

    /** The session is no longer in the table, as another server has it. */
    void gone(Session session) {
        unrecorded(session);
    }

    /** Forgets what may have been written for a session that was never opened. */
    void forget(long id) {
        forget(id, FIRST_EPOCH);
    }

    private void forget(long id, long epoch) {
        Held held = new Held(id, epoch, 1);
        if (isUp()) {
            toForget.add(held);
            askForFlush();
        } else if (unforgotten.size() < MOST_UNFORGOTTEN) {
            unforgotten.add(held);
        }
    }

    /** Keeps the record of a session, or writes it if the store is not known to have it. */
    private void renew(Session session) {
        if (!isUp() || session.isEnding() || !life.settings().keepsStale()) {
            return; // what is missed is made up for when the store is back
        }
        if (session.recordGeneration != generation) {
            put(session);
        } else if (session.recordAsk == NONE) {
            session.recordAsk = KEEP;
            toKeep.add(session);
            askForFlush();
        }
    }

    private void put(Session session) {
        if (session.recordAsk != PUT) {
            session.recordAsk = PUT;
            toPut.add(session);
            askForFlush();
        }
    }

    private void recorded(Session session) {
        if (session.recordGeneration != generation) {
            session.recordGeneration = generation;
            recorded++;
        }
    }

    private void unrecorded(Session session) {
        if (session.recordGeneration == generation) {
            recorded--;
        }
        session.recordGeneration = 0;
    }

    // ---- calls

    private void askForFlush() {
        if (!isFlushAsked) {
            isFlushAsked = true;
            onLoop(this::flush);
        }
    }

    /** Sends what has come up. The kinds go out in the order in which they can come up for one session. */
    void flush() {
        assert loop.isCurrent() : "belongs to the session loop";
        isFlushAsked = false;
        flushPuts();
        flushKeeps();
        flushForgets();
    }

    private void flushPuts() {
        if (toOpen.isEmpty() && toPut.isEmpty()) {
            return;
        }
        List<Opening> openings = toOpen;
        List<Session> sessions = toPut;
        toOpen = new ArrayList<>();
        toPut = new ArrayList<>();
        openings.removeIf(opening -> !opening.isWaiting());
        removeOver(sessions);
        Batch batch = new Batch(openings, sessions, generation, now());
        if (batch.size() == 0) {
            rewriteOn();
            return;
        }
        List<StoredRecord> records = new ArrayList<>(batch.size());
        for (Opening opening : openings) {
            records.add(record(opening.id(), FIRST_EPOCH, opening.secrets(), liveMillis()));
        }
        for (Session session : sessions) {
            records.add(record(session.id, session.epoch, secrets(session), keepMillis(session)));
        }
        store.put(records).whenComplete((others, failure) -> onLoop(() -> put(batch, others, failure)));
    }

    private void flushKeeps() {
        if (toKeep.isEmpty()) {
            return;
        }
        List<Session> sessions = toKeep;
        toKeep = new ArrayList<>();
        removeOver(sessions);
        if (sessions.isEmpty()) {
            return;
        }
        List<Held> held = new ArrayList<>(sessions.size());
        for (Session session : sessions) {
            held.add(new Held(session.id, session.epoch, keepMillis(session)));
        }
        store.keep(keeping.owner(), held)
                .whenComplete((others, failure) -> onLoop(() -> kept(sessions, others, failure)));
    }

    private void removeOver(List<Session> sessions) {
        sessions.forEach(session -> session.recordAsk = NONE);
        sessions.removeIf(session -> !isHere(session));
    }

    private void flushForgets() {
        if (toForget.isEmpty()) {
            return;
        }
        List<Held> held = toForget;
        toForget = new ArrayList<>();
        store.forget(keeping.owner(), held).whenComplete((nothing, failure) -> onLoop(() -> forgot(held, failure)));
    }

    private void onLoop(Runnable task) {
        try {
            keeping.sessionLoop().execute(task);
        } catch (RejectedExecutionException ended) {
            // the server has ended, and nobody waits for the answer
        }
    }

    // ---- answers

    private void put(Batch batch, @Nullable List<Claimed> others, @Nullable Throwable failure) {
        assert loop.isCurrent() : "belongs to the session loop";
        counters.record(Timing.STORE_PUT, now() - batch.sinceNanos);
        if (others == null) {
            failed(batch.size(), failure);
            for (Opening opening : batch.openings) {
                if (opening.isWaiting()) {
                    opening.failed();
                }
            }
        } else {
            counters.add(Metric.RECORDS_WRITTEN, batch.size() - others.size());
            answer(batch, byId(others));
        }
        rewriteOn();
    }

    private void answer(Batch batch, Map<Long, Claimed> elsewhere) {
        boolean isThere = batch.generation == generation;
        for (Opening opening : batch.openings) {
            if (!opening.isWaiting()) {
                continue; // and its record is about to be forgotten
            }
            if (elsewhere.containsKey(opening.id())) {
                opening.idIsTaken();
            } else {
                opening.written(isThere);
            }
        }
        for (Session session : batch.sessions) {
            Claimed other = elsewhere.get(session.id);
            if (other != null) {
                elsewhere(session, other);
            } else if (isThere && isHere(session)) {
                recorded(session);
            }
        }
    }

    private void kept(List<Session> sessions, @Nullable List<Claimed> others, @Nullable Throwable failure) {
        assert loop.isCurrent() : "belongs to the session loop";
        if (others == null) {
            failed(sessions.size(), failure);
            sessions.forEach(this::unrecorded); // its time may be over before the next cycle
            return;
        }
        Map<Long, Claimed> elsewhere = byId(others);
        for (Session session : sessions) {
            Claimed other = elsewhere.get(session.id);
            if (other != null) {
                elsewhere(session, other);
            }
        }
    }

    private void forgot(List<Held> held, @Nullable Throwable failure) {
        assert loop.isCurrent() : "belongs to the session loop";
        if (failure != null) {
            failed(held.size(), failure);
            int room = Math.max(0, MOST_UNFORGOTTEN - unforgotten.size());
            unforgotten.addAll(held.subList(0, Math.min(room, held.size())));
        }
    }

    private void failed(int records, @Nullable Throwable failure) {
        counters.add(Metric.RECORDS_FAILED, records);
        if (isUp) { // else the log has it
            log.failed(failure);
        }
    }

    private static Map<Long, Claimed> byId(@Nullable List<Claimed> others) {
        if (others == null || others.isEmpty()) {
            return Map.of();
        }
        Map<Long, Claimed> byId = new HashMap<>();
        others.forEach(other -> byId.put(other.id(), other));
        return byId;
    }

    /** The store has this session's record as that of another server, or of another epoch. */
    private void elsewhere(Session session, Claimed by) {
        if (!isHere(session)) {
            return;
        }
        unrecorded(session);
        if (by.epoch() > session.epoch && !by.owner().equals(keeping.owner())) {
            life.letGo(session, by.epoch(), false);
        }
        // With the same epoch both go on: the backend takes one of them.
    }

    // ---- what the store tells

    /** Another server has claimed a session. */
    @Override
    public void claimed(Claimed by) {
        Session session = table.get(by.id());
        if (session != null) {
            elsewhere(session, by);
        }
    }

    /** The store is there, from the start or again. All sessions are written again. */
    @Override
    public void up() {
        isUp = true;
        generation++;
        recorded = 0;
        log.up(table.size());
        if (rewrite != null) {
            rewrite.close();
        }
        rewrite = table.walk(false);
        rewriteOn();
    }

    @Override
    public void down(StoreException why) {
        isUp = false;
        log.down(why, keeping.whenAway());
    }

    /** Writes the next slice of all sessions. The one behind it follows with the answer. */
    private void rewriteOn() {
        SessionTable.Walk walk = rewrite;
        if (walk == null || !toPut.isEmpty()) {
            return;
        }
        while (toPut.size() < SLICE) {
            Session session = walk.next();
            if (session == null) {
                walk.close();
                rewrite = null;
                return;
            }
            if (session.recordGeneration != generation) {
                renew(session);
            }
        }
    }

    // ---- renewal

    /**
     * Renews the records whose turn it is. To be called several times a second: each call takes its share, so that all have
     * had their turn within a cycle, also if sessions come and go meanwhile.
     */
    void renew() {
        long now = now();
        double share = (double) (now - renewedAtNanos) / cycleNanos();
        renewedAtNanos = now;
        if (!isUp()) {
            return;
        }
        if (!unforgotten.isEmpty()) {
            toForget.addAll(unforgotten);
            unforgotten = new ArrayList<>();
            askForFlush();
        }
        renewalsDue = Math.min(Math.min(MOST_AT_ONCE, table.size()), renewalsDue + table.size() * share);
        while (renewalsDue >= 1) {
            renewalsDue--;
            renew(nextToRenew());
        }
    }

    /** The next session in the order of opening, and the first one again behind the last. */
    private Session nextToRenew() {
        Session next = renewal == null ? null : renewal.next();
        if (next == null) {
            if (renewal != null) {
                renewal.close();
            }
            renewal = table.walk(false);
            next = renewal.next();
            assert next != null : "nobody is due in an empty table";
        }
        return next;
    }

    /** Ends the walks: the server has ended. */
    void release() {
        if (rewrite != null) {
            rewrite.close();
        }
        if (renewal != null) {
            renewal.close();
        }
    }

    private boolean isHere(Session session) {
        return table.get(session.id) == session;
    }

    // ---- contents

    private StoredRecord record(long id, long epoch, SessionSecrets secrets, long keepMillis) {
        return new StoredRecord(id, epoch, keeping.owner(), keeping.codec().seal(id, secrets), keepMillis);
    }

    private static SessionSecrets secrets(Session session) {
        Version3Part version3 = session.version3();
        SessionKey key = version3 == null ? null : version3.key();
        return new SessionSecrets(
                session.protocolVersion(),
                session.clientKey(),
                key == null ? null : key.bytes(),
                session.credentials());
    }

    /** The time for which a session's record is kept from now on. */
    long keepMillis(Session session) {
        if (session.state() != Session.State.STALE) {
            return liveMillis();
        }
        long restNanos = staleNanos() - (now() - session.lostAtNanos);
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(restNanos));
    }

    long liveMillis() {
        return TimeUnit.NANOSECONDS.toMillis(staleNanos() + 2 * cycleNanos());
    }

    private long cycleNanos() {
        return Math.min(LONGEST_CYCLE_NANOS, Math.max(SHORTEST_CYCLE_NANOS, staleNanos() / 2));
    }

    private long staleNanos() {
        return Math.min(LONGEST_STALE_NANOS, life.settings().staleTimeoutNanos());
    }

    private long now() {
        return nanoClock.getAsLong();
    }
}
