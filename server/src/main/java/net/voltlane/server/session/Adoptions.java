package net.voltlane.server.session;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import net.voltlane.protocol.Limits;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoredRecord;
import net.voltlane.server.store.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that clients resume here and that another server had, or an earlier process of this one: their records are
 * found in the store and claimed there, and the master tells how far they had come, see {@link AdoptionAnswers}. {@link FormerServer}
 * draws the states. Belongs to the session loop.
 */
final class Adoptions {
    private final SessionEnvironment env;
    private final RecordKeeping keeping;
    private final RecordStore store;
    private final SessionTable table;
    private final SessionLife life;
    private final Records records;
    private final StoreQuestions questions;
    private final BooleanSupplier isStopping;
    private final BooleanSupplier isDraining;
    private final SessionLog log = new SessionLog();

    /** Links whose claim the store has not settled. */
    private final Map<ClientPort, Claimant> claimants = new HashMap<>();
    /** The master's answers to what is told of such sessions. */
    final AdoptionAnswers answers;

    private @Nullable HandOvers handOvers;
    private @Nullable LetGoWatch letGoWatch;

    Adoptions(
            SessionEnvironment env,
            RecordKeeping keeping,
            SessionTable table,
            SessionLife life,
            Records records,
            BooleanSupplier isStopping,
            BooleanSupplier isDraining) {
        this.env = env;
        this.keeping = keeping;
        this.table = table;
        this.life = life;
        this.records = records;
        this.isStopping = isStopping;
        this.isDraining = isDraining;
        store = keeping.store();
        questions = new StoreQuestions(keeping.sessionLoop());
        answers = new AdoptionAnswers(env, keeping, table, life, records, questions, this);
    }

    /** Takes what former servers hand over from now on. */
    void handOvers(HandOvers next) {
        handOvers = next;
    }

    /** Tells this of sessions that come back, from now on. */
    void letGoWatch(LetGoWatch next) {
        letGoWatch = next;
    }

    // ---- find

    /** Finds a session that is not in the table. */
    void find(long id, ClientProtocol protocol, Sessions.FindOutcome then) {
        if (questions.areTooMany() || !records.isUp()) {
            then.unavailable();
            return;
        }
        questions.ask(store.find(id), (found, failure) -> {
            if (failure != null) {
                then.unavailable();
                return;
            }
            if (found == null && records.storeReturn.mayMissOthers()) {
                then.unavailable();
                return;
            }
            if (found == null) {
                then.found(null);
                return;
            }
            FoundRecord record = read(found);
            if (record == null) {
                then.unavailable(); // there is such a session, and another server may be able to read its record
                return;
            }
            then.found(record.protocol() == protocol ? new ResumeToken(record) : null);
        });
    }

    /** Reads a record that this server may not be able to read: another one has written it, or somebody else. */
    private @Nullable FoundRecord read(StoredRecord found) {
        if (found.epoch() < 0 || found.epoch() >= Limits.MAX_COUNT) { // there could be no next one
            env.counters().count(Metric.RECORDS_UNREADABLE);
            return null;
        }
        try {
            return FoundRecord.of(found, keeping.codec().open(found.id(), found.sealed()));
        } catch (UnreadableRecordException e) {
            env.counters().count(Metric.RECORDS_UNREADABLE);
            return null;
        }
    }

    // ---- claim

    /** A link has proved that its client has the key of this record. */
    void claim(ClientPort port, FoundRecord record) {
        if (isStopping.getAsBoolean() || isDraining.getAsBoolean()) {
            port.refused(isStopping.getAsBoolean() ? Refusal.STOPPING : Refusal.DRAINING);
        } else if (!port.takeSession()) {
            return; // turned away
        } else if (table.get(record.id()) != null) {
            overtaken(port, record.id());
        } else if (!canBe(port)) {
            life.refuse(port, record.id(), Refusal.GAP);
        } else if (questions.areTooMany() || !records.isUp()) {
            unavailable(port, record.id());
        } else {
            Claimant claimant = Claimant.of(port, record);
            claimants.put(port, claimant);
            long next = record.epoch() + 1;
            questions.ask(
                    store.claim(record.id(), record.epoch(), next, keeping.owner(), records.liveMillis()),
                    (granted, failure) -> settled(claimant, next, granted, failure));
        }
    }

    /** True if the counts that a client says can be counts. */
    static boolean canBe(ClientPort port) {
        return port.kept() >= 1 && port.kept() <= Limits.MAX_COUNT && port.received() < Limits.MAX_COUNT;
    }

    /** Withdraws a link's claim, since the link is lost. The session is this server's all the same, if that is granted. */
    boolean withdraw(ClientPort port) {
        return claimants.remove(port) != null;
    }

    private void settled(Claimant claimant, long epoch, @Nullable Boolean granted, @Nullable Throwable failure) {
        ClientPort port = claimant.port();
        long id = claimant.record().id();
        if (granted == null || failure != null) {
            if (claimants.remove(port) != null) {
                unavailable(port, id);
            }
        } else if (!granted) {
            if (claimants.remove(port) != null) {
                overtaken(port, id);
            }
        } else if (handOvers != null && handOvers.areOfUseTo(claimant.record().protocol())) {
            questions.ask(
                    handOvers.take(id, epoch, claimant.record().owner()),
                    (left, failed) -> adopt(claimant, epoch, left));
        } else {
            adopt(claimant, epoch, null);
        }
    }

    /**
     * The record is not what this link has proved itself for any more: another link of the client was quicker, here or at
     * another server, or the session has ended. Code 12 says "taken over by another link", upon which a client does nothing
     * for ever. But the other link may be an attempt that the client has given up before this one, and then this is its only
     * link. So it is told code 11, to come again: it finds what stands by then, an end included. If the other link lives, the
     * session moves from it to this one, as it does for every link that proves itself later.
     */
    private void overtaken(ClientPort port, long id) {
        env.counters().count(Metric.RESUMES_OVERTAKEN);
        log.notResumed(id, port, Refusal.TAKEN_OVER);
        port.refused(Refusal.STORE_AWAY);
    }

    void unavailable(ClientPort port, long id) {
        env.counters().count(Metric.ADOPTIONS_UNAVAILABLE);
        log.notAdopted(id, port, "the store or the backend does not answer");
        port.refused(Refusal.STORE_AWAY);
    }

    // ---- adopt

    private void adopt(Claimant claimant, long epoch, @Nullable HandOver left) {
        ClientPort port = claimant.port();
        FoundRecord record = claimant.record();
        boolean isHere = claimants.remove(port) != null;
        if (isStopping.getAsBoolean() || table.get(record.id()) != null) {
            if (isHere) {
                port.refused(isStopping.getAsBoolean() ? Refusal.STOPPING : Refusal.STORE_AWAY);
            }
            return; // and the record stays for the next server
        }
        FormerServer former =
                new FormerServer(this, record.protocol(), port, claimant.origin(), counts(claimant, left));
        Session session =
                new Session(record.id(), table.newOpeningNanos(), record.clientKey(), record.credentials(), former);
        session.epoch(epoch);
        session.former(former);
        startCounts(session, former, claimant, left);
        env.counters().count(Metric.SESSIONS_ADOPTED);
        table.add(session);
        env.budget().charge(record.credentials() == null ? 0 : record.credentials().length);
        records.opened(session, true);
        if (letGoWatch != null) {
            former.wasHere(letGoWatch.isBack(session.id));
        }
        session.detaching(isHere ? NextStep.moveTo(port) : NextStep.BECOME_STALE);
        if (!isHere) {
            session.lostAtNanos = now();
        }
        former.waits(now());
        answers.waitFor(session);
        answers.goOn(session, former);
    }

    private void startCounts(Session session, FormerServer former, Claimant claimant, @Nullable HandOver left) {
        if (left == null) {
            session.startsAt(claimant.kept() - 1, claimant.received());
            former.answers(0, claimant.received());
        } else {
            if (left.packetsUp() < 1) {
                former.isUnknown();
            }
            former.handedOver(left.toBuffers(env.allocator()));
            session.startsAt(left.packetsUp(), left.packetsDown());
            former.answers(0, Math.max(0, left.packetsDown() - left.packets()));
        }
        acknowledged(session, claimant.kept());
    }

    /** The client has come on another link, whose counts the master is told. */
    static void isClaimedBy(Session session, FormerServer former, ClientPort link) {
        former.isClaimedBy(link, Claimant.counts(session.protocol(), link.received(), link.kept()));
        session.startsAt(link.kept() - 1, link.received());
        acknowledged(session, link.kept());
        former.answers(0, link.received());
    }

    /** Takes as acknowledged to the client what it no longer keeps. */
    private static void acknowledged(Session session, long kept) {
        Version3Part version3 = session.version3();
        if (version3 != null) {
            version3.acknowledgedUp(kept - 1);
        }
    }

    private static MasterPort.Adopting counts(Claimant claimant, @Nullable HandOver left) {
        ClientProtocol protocol = claimant.record().protocol();
        return left != null && protocol == Version2.PROTOCOL
                ? new MasterPort.Adopting(left.packetsUp() + 1, left.packetsDown() + 1)
                : Claimant.counts(protocol, claimant.received(), claimant.kept());
    }

    /** A link has proved itself for a session of the table whose counts are not known yet. */
    void again(Session session, ClientPort port) {
        FormerServer former = session.former();
        assert former != null : "its counts are known";
        if (!former.isTold() && session.protocol() == Version3.PROTOCOL && canBe(port)) {
            isClaimedBy(session, former, port);
        }
        session.attach(former);
        session.detaching(NextStep.moveTo(port));
        former.waits(now());
        answers.waitFor(session);
        if (!former.isTold()) {
            answers.goOn(session, former);
        }
    }

    /**
     * A client has come back to a session of this server, and has been at another one meanwhile, of which this server has
     * not heard. Its session has no link.
     *
     * @return false if what the client says can't be
     */
    boolean adoptsAnew(Session session, ClientPort port) {
        if (session.former() != null || !canBe(port)) {
            return false;
        }
        life.packets.drop(session);
        FormerServer former = new FormerServer(
                this,
                session.protocol(),
                port,
                port.origin(),
                Claimant.counts(session.protocol(), port.received(), port.kept()));
        session.former(former);
        session.startsAt(port.kept() - 1, port.received());
        acknowledged(session, port.kept());
        former.answers(0, port.received());
        session.attach(former);
        former.waits(now());
        if (records.isUp()) {
            session.detaching(NextStep.moveTo(port));
            answers.waitFor(session);
            answers.claimAgain(session, former, session.epoch());
        } else {
            session.detaching(NextStep.BECOME_STALE);
            session.lostAtNanos = now();
            unavailable(port, session.id);
            answers.complete(session, former);
        }
        return true;
    }

    private long now() {
        return env.nanoClock().getAsLong();
    }
}
