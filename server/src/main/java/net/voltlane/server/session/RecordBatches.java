package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import net.voltlane.proof.SessionKey;
import net.voltlane.server.link.Owner;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.SessionSecrets;
import net.voltlane.server.store.StoredRecord;

/**
 * The calls that write records: what comes up within one run of the session loop is gathered, and goes out in one call of
 * each kind, behind that run. {@link Records} decides what is to be written, and gets the answers. Belongs to the session
 * loop.
 */
final class RecordBatches {
    // The call that the next flush makes for a session.
    private static final byte NONE = 0;
    private static final byte KEEP = 1;
    private static final byte PUT = 2;

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

    /** The subjects of one call of put. */
    record Puts(List<Opening> openings, List<Session> sessions, int generation, long sinceNanos) {
        int size() {
            return openings.size() + sessions.size();
        }
    }

    private final Records records;
    private final Owner loop;
    private final RecordKeeping keeping;
    private final RecordStore store;
    private final RecordTimes times;
    private final LongSupplier nanoClock;

    private List<Opening> toOpen = new ArrayList<>();
    private List<Session> toPut = new ArrayList<>();
    private List<Session> toKeep = new ArrayList<>();
    private List<Held> toForget = new ArrayList<>();
    private boolean isFlushAsked;

    RecordBatches(Records records, SessionEnvironment env, RecordKeeping keeping, RecordTimes times) {
        this.records = records;
        this.keeping = keeping;
        this.times = times;
        loop = env.owner();
        nanoClock = env.nanoClock();
        store = keeping.store();
    }

    /** Writes the record of a session that waits to be opened. */
    void open(Opening next) {
        toOpen.add(next);
        askForFlush();
    }

    /** Writes the record of a session of the table. */
    void put(Session session) {
        if (session.recordAsk() != PUT) {
            session.recordAsk(PUT);
            toPut.add(session);
            askForFlush();
        }
    }

    /** Keeps the record of a session for another time, unless it is to be written anyway. */
    void keep(Session session) {
        if (session.recordAsk() == NONE) {
            session.recordAsk(KEEP);
            toKeep.add(session);
            askForFlush();
        }
    }

    void forget(List<Held> held) {
        toForget.addAll(held);
        askForFlush();
    }

    /** The number of sessions of the table whose records are written with the next flush. */
    int puts() {
        return toPut.size();
    }

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
        Puts batch = new Puts(openings, sessions, records.generation(), nanoClock.getAsLong());
        if (batch.size() == 0) {
            records.rewriteOn();
            return;
        }
        List<StoredRecord> all = new ArrayList<>(batch.size());
        for (Opening opening : openings) {
            all.add(record(opening.id(), Records.FIRST_EPOCH, opening.secrets(), times.liveMillis()));
        }
        for (Session session : sessions) {
            all.add(record(session.id, session.epoch(), secrets(session), times.keepMillis(session)));
        }
        store.put(all).whenComplete((others, failure) -> onLoop(() -> records.put(batch, others, failure)));
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
            held.add(new Held(session.id, session.epoch(), times.keepMillis(session)));
        }
        store.keep(keeping.owner(), held)
                .whenComplete((others, failure) -> onLoop(() -> records.kept(sessions, others, failure)));
    }

    private void removeOver(List<Session> sessions) {
        sessions.forEach(session -> session.recordAsk(NONE));
        sessions.removeIf(session -> !records.isHere(session));
    }

    private void flushForgets() {
        if (toForget.isEmpty()) {
            return;
        }
        List<Held> held = toForget;
        toForget = new ArrayList<>();
        store.forget(keeping.owner(), held)
                .whenComplete((nothing, failure) -> onLoop(() -> records.forgot(held, failure)));
    }

    private void onLoop(Runnable task) {
        try {
            keeping.sessionLoop().execute(task);
        } catch (RejectedExecutionException ended) {
            // the server has ended, and nobody waits for the answer
        }
    }

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
}
