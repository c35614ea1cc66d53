package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.server.store.RecordStore;

/**
 * The sessions that are adopted and wait for the master, and the master's answers: how far a session had come, that another
 * server has it, or that what its client lacks is gone. Belongs to the session loop.
 */
final class AdoptionAnswers {
    /** The time that the master has for its answer, and the longest that a client waits. */
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** The number of times that a session is claimed anew because the master has it elsewhere. */
    private static final int MOST_TRIES = 3;

    private final SessionEnvironment env;
    private final RecordKeeping keeping;
    private final RecordStore store;
    private final SessionTable table;
    private final SessionLife life;
    private final Records records;
    private final StoreQuestions questions;
    private final Adoptions adoptions;
    /** Sessions that wait for the master. */
    private final Set<Session> waiting = new LinkedHashSet<>();

    AdoptionAnswers(
            SessionEnvironment env,
            RecordKeeping keeping,
            SessionTable table,
            SessionLife life,
            Records records,
            StoreQuestions questions,
            Adoptions adoptions) {
        this.env = env;
        this.keeping = keeping;
        this.table = table;
        this.life = life;
        this.records = records;
        this.questions = questions;
        this.adoptions = adoptions;
        store = keeping.store();
    }

    /** The session waits for the master from now on. */
    void waitFor(Session session) {
        waiting.add(session);
    }

    /** Tells the master of the session, or goes on without it if it answers nothing. */
    void goOn(Session session, FormerServer former) {
        switch (env.master().adopts()) {
            case UNKNOWN -> {} // masterReached follows, or nothing does in time
            case ANSWERS -> {
                former.isTold(true);
                session.isKnownToMaster = true;
                env.master().adopted(session);
            }
            case IS_SILENT -> {
                session.former(null);
                former.isTold(true);
                env.master().adopted(session);
                if (former.isKnown() && !session.isKnownToMaster) {
                    session.firstPacketPosition = env.master().firstPacket(session);
                    session.isKnownToMaster = true;
                }
                complete(session, former);
            }
        }
    }

    /** The master is there, perhaps another one than before. */
    void masterReached() {
        boolean isSilent = env.master().adopts() == MasterPort.Adopts.IS_SILENT;
        for (Session session : new ArrayList<>(waiting)) {
            FormerServer former = session.former();
            if (former != null && (!former.isTold() || isSilent)) {
                goOn(session, former);
            }
        }
    }

    /** The former server is detached: the session goes on with its next step. */
    void complete(Session session, FormerServer former) {
        waiting.remove(session);
        life.detached(session, former.takeFrames());
    }

    /** The session ends here, or is let go, and waits for nothing. */
    void ends(Session session, FormerServer former) {
        complete(session, former);
    }

    // ---- the master answers

    void position(long id, long taken, long next, long epoch) {
        Session session = table.get(id);
        FormerServer former = session == null ? null : session.former();
        if (session == null || former == null || !former.isTold() || epoch != 0 && epoch != session.epoch()) {
            return; // to an earlier question
        }
        boolean counts = session.protocol() == Version3.PROTOCOL;
        ClientPort link = session.successor();
        if (counts && link != null && former.isOutdatedBy(link, taken) && Adoptions.canBe(link)) {
            // Its client was at another server between two attempts here: what the master sends now is not what it
            // lacks.
            Adoptions.isClaimedBy(session, former, link);
            claimAgain(session, former, session.epoch());
            return;
        }
        long down = next == 0 ? session.nextDown() - 1 : next - 1;
        if (counts && link != null && next > former.told().nextToClient()) {
            refuseOldLink(session, link);
        }
        session.former(null);
        former.answers(0, down);
        session.startsAt(taken, down);
        if (session.port() == former) {
            complete(session, former);
        } else {
            former.takeFrames().forEach(ByteBuf::release);
        }
    }

    /** The client has acknowledged more than this link has told: it has had a newer one meanwhile, and comes again. */
    private void refuseOldLink(Session session, ClientPort link) {
        NextStep step = session.nextStep();
        assert step != null : "a link waits";
        session.detaching(step.withoutLink());
        session.lostAtNanos = now();
        adoptions.unavailable(link, session.id);
    }

    void elsewhere(long id, long epoch) {
        Session session = table.get(id);
        if (session == null || epoch < session.epoch()) {
            return; // said of an earlier time
        }
        env.counters().count(Metric.SESSIONS_ELSEWHERE);
        FormerServer former = session.former();
        if (former != null && session.port() == former && session.successor() != null) {
            claimAgain(session, former, epoch);
        } else {
            letGo(session, epoch);
        }
    }

    private void letGo(Session session, long epoch) {
        life.lettingGo.letGo(session, epoch, !records.isUp());
    }

    /** The client is here, and has just proved itself: whoever has its session meanwhile has to let it go. */
    void claimAgain(Session session, FormerServer former, long epoch) {
        if (former.triesAgain() > MOST_TRIES || !records.isUp()) {
            life.lettingGo.letGo(session, epoch, true);
            return;
        }
        former.isTold(false);
        questions.ask(store.find(session.id), (found, failure) -> {
            if (!isWaiting(session, former)) {
                return;
            }
            boolean isOvertaken = found != null
                    && found.epoch() > Math.max(epoch, session.epoch())
                    && !found.owner().equals(keeping.owner());
            if (found == null || isOvertaken) {
                life.lettingGo.letGo(session, epoch, !isOvertaken);
                return;
            }
            long next = Math.max(epoch, found.epoch()) + 1;
            questions.ask(
                    store.claim(session.id, found.epoch(), next, keeping.owner(), records.liveMillis()),
                    (granted, failed) -> {
                        if (!isWaiting(session, former)) {
                            return;
                        }
                        if (granted == null || !granted) {
                            life.lettingGo.letGo(session, epoch, true);
                            return;
                        }
                        session.epoch(next);
                        goOn(session, former);
                    });
        });
    }

    private boolean isWaiting(Session session, FormerServer former) {
        return table.get(session.id) == session && session.former() == former && session.port() == former;
    }

    /** The master no longer keeps what the client lacks. */
    void gap(long id) {
        Session session = table.get(id);
        FormerServer former = session == null ? null : session.former();
        if (session == null || former == null || !former.isTold()) {
            return;
        }
        session.former(null);
        life.gap(session);
        former.takeFrames().forEach(ByteBuf::release);
    }

    // ---- time

    /** Gives up waiting where the time is over. To be called several times a second. */
    void sweep() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Session> late = new ArrayList<>();
        for (Session session : waiting) {
            FormerServer former = session.former();
            if (former != null && former.hasWaited(ANSWER_NANOS, now())) {
                late.add(session);
            }
        }
        for (Session session : late) {
            FormerServer former = session.former();
            if (former != null) {
                unanswered(session, former);
            }
        }
    }

    private void unanswered(Session session, FormerServer former) {
        ClientPort link = session.successor();
        Reason end = session.isClosed() && session.nextStep() != null
                ? session.nextStep().reason()
                : null;
        if (end != null) {
            life.end(session, end, Detach.DISCARD); // was to end behind what the client was to get
            return;
        }
        if (link != null && former.isTold() && former.wasUnanswered() && records.has(session)) {
            // The master may never answer: its client comes again, finds the record, and the master is asked anew.
            env.counters().count(Metric.ADOPTIONS_UNAVAILABLE);
            life.lettingGo.letGo(session, session.epoch() + 1, true);
            return;
        }
        former.isUnanswered();
        if (link != null) {
            session.detaching(NextStep.BECOME_STALE);
            session.lostAtNanos = now();
            adoptions.unavailable(link, session.id);
        }
        complete(session, former);
    }

    /** Drops everything that is held: the server has ended. */
    void release() {
        questions.release();
        for (Session session : waiting) {
            FormerServer former = session.former();
            if (former != null) {
                former.takeFrames().forEach(ByteBuf::release);
            }
        }
        waiting.clear();
    }

    private long now() {
        return env.nanoClock().getAsLong();
    }
}
