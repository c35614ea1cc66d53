package net.voltlane.server.session;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import net.voltlane.server.link.Owner;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Timing;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
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

    private final Owner loop;
    private final RecordKeeping keeping;
    private final RecordStore store;
    private final RecordTimes times;
    private final RecordBatches batches;
    private final SessionTable table;
    private final SessionLife life;
    private final Counters counters;
    private final LongSupplier nanoClock;
    private final StoreLog log;
    /** The time after the store's return. */
    final StoreReturn storeReturn;

    private final ClaimNews claimNews;

    private boolean isUp;
    /** Rises each time that the store may have lost records. A session's record counts if it is of the present one. */
    private int generation = 1;
    /** Sessions of the table whose record the store has, as far as is known. */
    private int recorded;

    /** Sessions that have ended, while the store could not be told. */
    private final Unforgotten unforgotten = new Unforgotten();

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
        times = new RecordTimes(life::settings, nanoClock);
        batches = new RecordBatches(this, env, keeping, times);
        isUp = store.isUp();
        log = new StoreLog(nanoClock);
        storeReturn = new StoreReturn(store.fleet() != null, nanoClock);
        claimNews = new ClaimNews(keeping, table, this);
        renewedAtNanos = nanoClock.getAsLong();
    }

    /** True while the store answers, as far as is known. */
    boolean isUp() {
        return isUp && store.isUp();
    }

    /** True if the store is there, and has the record of this session, as far as is known. */
    boolean has(Session session) {
        return isUp() && session.recordGeneration() == generation;
    }

    /** The generation that a record has to be of; it rises each time that the store may have lost records. */
    int generation() {
        return generation;
    }

    /** The time for which the record of a session with a link is kept. */
    long liveMillis() {
        return times.liveMillis();
    }

    /** The time for which a session waits for its client. */
    long staleNanos() {
        return times.staleNanos();
    }

    /** The number of sessions whose record the store does not have, as far as is known. */
    int unrecorded() {
        return table.size() - recorded;
    }

    // ---- the life of a session

    /** Writes the record of a session that waits to be opened, and tells it how that went. */
    void open(RecordBatches.Opening next) {
        batches.open(next);
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
        forget(session.id, session.epoch());
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
            batches.forget(List.of(held));
        } else {
            unforgotten.add(List.of(held));
        }
    }

    /** Keeps the record of a session, or writes it if the store is not known to have it. */
    private void renew(Session session) {
        if (!isUp() || session.isEnding() || !life.settings().keepsStale()) {
            return; // what is missed is made up for when the store is back
        }
        if (session.recordGeneration() != generation || session.isRecordInDoubt()) {
            batches.put(session);
        } else {
            batches.keep(session);
        }
    }

    private void recorded(Session session) {
        if (session.recordGeneration() != generation) {
            session.recordGeneration(generation);
            recorded++;
        }
        session.recordLasts(session.state() != Session.State.STALE);
    }

    private void unrecorded(Session session) {
        if (session.recordGeneration() == generation) {
            recorded--;
        }
        session.recordGeneration(0);
    }

    /** Sends what has come up, at once. */
    void flush() {
        batches.flush();
    }

    // ---- answers

    void put(RecordBatches.Puts batch, @Nullable List<Claimed> others, @Nullable Throwable failure) {
        assert loop.isCurrent() : "belongs to the session loop";
        counters.record(Timing.STORE_PUT, now() - batch.sinceNanos());
        if (others == null) {
            failed(batch.size(), failure);
            batch.sessions().forEach(this::inDoubt);
            for (RecordBatches.Opening opening : batch.openings()) {
                if (opening.isWaiting()) {
                    opening.failed();
                }
            }
        } else {
            counters.add(Metric.RECORDS_WRITTEN, batch.size() - others.size());
            answer(batch, Claimed.byId(others));
        }
        rewriteOn();
    }

    private void answer(RecordBatches.Puts batch, Map<Long, Claimed> elsewhere) {
        boolean isThere = batch.generation() == generation;
        for (RecordBatches.Opening opening : batch.openings()) {
            if (!opening.isWaiting()) {
                continue; // and its record is about to be forgotten
            }
            if (elsewhere.containsKey(opening.id())) {
                opening.idIsTaken();
            } else {
                opening.written(isThere);
            }
        }
        for (Session session : batch.sessions()) {
            Claimed other = elsewhere.get(session.id);
            if (other != null) {
                elsewhere(session, other, true); // of a time at which this server may not have been told
            } else if (isThere && isHere(session)) {
                recorded(session);
            }
        }
    }

    void kept(List<Session> sessions, @Nullable List<Claimed> others, @Nullable Throwable failure) {
        assert loop.isCurrent() : "belongs to the session loop";
        if (others == null) {
            failed(sessions.size(), failure);
            sessions.forEach(this::inDoubt);
            return;
        }
        Map<Long, Claimed> elsewhere = Claimed.byId(others);
        for (Session session : sessions) {
            Claimed other = elsewhere.get(session.id);
            if (other == null) {
                session.recordLasts(session.state() != Session.State.STALE);
            } else if (other.isGone() && isHere(session)) {
                unrecorded(session); // it was thrown away, or its time was over
                renew(session);
            } else {
                elsewhere(session, other, false);
            }
        }
    }

    /** A call for the record has failed. It lasts for the stale time from then on if it was that of a session with a link. */
    private void inDoubt(Session session) {
        if (!session.doubtsRecord()) {
            unrecorded(session);
        }
    }

    void forgot(List<Held> held, @Nullable Throwable failure) {
        assert loop.isCurrent() : "belongs to the session loop";
        if (failure != null) {
            failed(held.size(), failure);
            unforgotten.add(held);
        }
    }

    private void failed(int records, @Nullable Throwable failure) {
        counters.add(Metric.RECORDS_FAILED, records);
        if (isUp) { // else the log has it
            log.failed(failure);
        }
    }

    /** The store has this session's record as that of another server, or of another epoch. */
    void elsewhere(Session session, Claimed by, boolean isInDoubt) {
        if (!isHere(session)) {
            return;
        }
        unrecorded(session);
        if (by.epoch() > session.epoch() && !by.owner().equals(keeping.owner())) {
            life.lettingGo.letGo(session, by.epoch(), isInDoubt);
        }
        // With the same epoch both go on: the backend takes one of them.
    }

    // ---- what the store tells

    /** Another server has claimed a session. */
    @Override
    public void claimed(Claimed by) {
        claimNews.heard(by);
    }

    /** The store is there, from the start or again. All sessions are written again. */
    @Override
    public void up() {
        isUp = true;
        storeReturn.back();
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
    void rewriteOn() {
        SessionTable.Walk walk = rewrite;
        if (walk == null || batches.puts() > 0) {
            return;
        }
        while (batches.puts() < SLICE) {
            Session session = walk.next();
            if (session == null) {
                walk.close();
                rewrite = null;
                return;
            }
            if (session.recordGeneration() != generation) {
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
        double share = (double) (now - renewedAtNanos) / times.cycleNanos();
        renewedAtNanos = now;
        if (!isUp()) {
            return;
        }
        List<Held> over = unforgotten.take();
        if (!over.isEmpty()) {
            batches.forget(over);
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

    /** True while the session is in the table. */
    boolean isHere(Session session) {
        return table.get(session.id) == session;
    }

    private long now() {
        return nanoClock.getAsLong();
    }
}
