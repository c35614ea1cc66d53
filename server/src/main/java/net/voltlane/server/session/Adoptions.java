package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoredRecord;
import net.voltlane.server.store.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that clients resume here and that another server had, or an earlier process of this one: their records are
 * found in the store and claimed there, and the master tells how far they had come. {@link FormerServer} draws the states.
 * Belongs to the session loop.
 */
final class Adoptions {
    /** The most questions to the store that wait for an answer. One more is answered as if the store were away. */
    static final int MOST_QUESTIONS = 1_024;
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
    private final BooleanSupplier isStopping;
    private final BooleanSupplier isDraining;
    private final SessionLog log = new SessionLog();

    private int questions;
    /** Links whose claim the store has not settled. */
    private final Map<ClientPort, Claimant> claimants = new HashMap<>();
    /** Sessions that wait for the master. */
    private final Set<Session> waiting = new LinkedHashSet<>();

    private @Nullable HandOvers handOvers;

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
    }

    /** Takes what former servers hand over from now on. */
    void handOvers(HandOvers next) {
        handOvers = next;
    }

    // ---- find

    /** Finds a session that is not in the table. */
    void find(long id, ClientProtocol protocol, Sessions.FindOutcome then) {
        if (questions >= MOST_QUESTIONS || !records.isUp()) {
            then.unavailable();
            return;
        }
        ask(store.find(id), (found, failure) -> {
            if (failure != null) {
                then.unavailable();
                return;
            }
            FoundRecord record = found == null ? null : read(found);
            boolean isOf = record != null && record.protocol() == protocol;
            then.found(isOf ? new ResumeToken(record) : null);
        });
    }

    private @Nullable FoundRecord read(StoredRecord found) {
        try {
            return FoundRecord.of(found, keeping.codec().open(found.id(), found.sealed()));
        } catch (UnreadableRecordException e) {
            env.counters().count(Metric.RECORDS_UNREADABLE);
            return null;
        }
    }

    private <T extends @Nullable Object> void ask(
            CompletionStage<T> question, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        questions++;
        question.whenComplete((answer, failure) -> onLoop(() -> {
            questions--;
            then.accept(answer, failure);
        }));
    }

    private void onLoop(Runnable task) {
        try {
            keeping.sessionLoop().execute(task);
        } catch (RejectedExecutionException ended) {
            // the server has ended, and nobody waits for the answer
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
            life.refuse(port, record.id(), Refusal.TAKEN_OVER);
        } else if (!canBe(port)) {
            life.refuse(port, record.id(), Refusal.GAP);
        } else if (questions >= MOST_QUESTIONS || !records.isUp()) {
            unavailable(port, record.id());
        } else {
            Claimant claimant = Claimant.of(port, record);
            claimants.put(port, claimant);
            long next = record.epoch() + 1;
            ask(
                    store.claim(record.id(), record.epoch(), next, keeping.owner(), records.liveMillis()),
                    (granted, failure) -> settled(claimant, next, granted, failure));
        }
    }

    /** What a client says must be counts. */
    private static boolean canBe(ClientPort port) {
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
                life.refuse(port, id, Refusal.TAKEN_OVER);
            }
        } else if (handOvers != null && handOvers.areOfUseTo(claimant.record().protocol())) {
            ask(handOvers.take(id, epoch, claimant.record().owner()), (left, failed) -> adopt(claimant, epoch, left));
        } else {
            adopt(claimant, epoch, null);
        }
    }

    private void unavailable(ClientPort port, long id) {
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
                port.refused(isStopping.getAsBoolean() ? Refusal.STOPPING : Refusal.TAKEN_OVER);
            }
            return; // and the record stays for the next server
        }
        FormerServer former =
                new FormerServer(this, record.protocol(), port, claimant.origin(), counts(claimant, left));
        Session session =
                new Session(record.id(), table.newOpeningNanos(), record.clientKey(), record.credentials(), former);
        session.epoch = epoch;
        session.former = former;
        former.isKnown = left == null || left.packetsUp() > 0;
        if (left != null) {
            former.handedOver(left.toBuffers(env.allocator()));
            session.startsAt(left.packetsUp(), left.packetsDown());
            former.answers(0, Math.max(0, left.packetsDown() - left.packets()));
        } else {
            session.startsAt(claimant.kept() - 1, claimant.received());
            former.answers(0, claimant.received());
        }
        acknowledged(session, claimant.kept());
        env.counters().count(Metric.SESSIONS_ADOPTED);
        table.add(session);
        env.budget().charge(record.credentials() == null ? 0 : record.credentials().length);
        records.opened(session, true);
        session.detaching(isHere ? NextStep.moveTo(port) : NextStep.BECOME_STALE);
        if (!isHere) {
            session.lostAtNanos = now();
        }
        former.sinceNanos = now();
        waiting.add(session);
        goOn(session, former);
    }

    /** The client has come on another link, whose counts the master is told. */
    private static void isClaimedBy(Session session, FormerServer former, ClientPort link) {
        former.isClaimedBy(link, Claimant.counts(session.protocol(), link.received(), link.kept()));
        session.startsAt(link.kept() - 1, link.received());
        acknowledged(session, link.kept());
        former.answers(0, link.received());
    }

    /** What the client no longer keeps was acknowledged to it. */
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
        FormerServer former = session.former;
        assert former != null : "its counts are known";
        if (!former.isTold && session.protocol() == Version3.PROTOCOL && canBe(port)) {
            isClaimedBy(session, former, port);
        }
        session.attach(former);
        session.detaching(NextStep.moveTo(port));
        former.sinceNanos = now();
        waiting.add(session);
        if (!former.isTold) {
            goOn(session, former);
        }
    }

    /**
     * A client has come back to a session of this server, and has been at another one meanwhile, of which this server has
     * not heard. Its session has no link.
     *
     * @return false if what the client says can't be
     */
    boolean adoptsAnew(Session session, ClientPort port) {
        if (session.former != null || !canBe(port)) {
            return false;
        }
        life.dropUndelivered(session);
        FormerServer former = new FormerServer(
                this,
                session.protocol(),
                port,
                port.origin(),
                Claimant.counts(session.protocol(), port.received(), port.kept()));
        session.former = former;
        session.startsAt(port.kept() - 1, port.received());
        acknowledged(session, port.kept());
        former.answers(0, port.received());
        session.attach(former);
        former.sinceNanos = now();
        if (records.isUp()) {
            session.detaching(NextStep.moveTo(port));
            waiting.add(session);
            claimAgain(session, former, session.epoch);
        } else {
            session.detaching(NextStep.BECOME_STALE);
            session.lostAtNanos = now();
            unavailable(port, session.id);
            complete(session, former);
        }
        return true;
    }

    private void goOn(Session session, FormerServer former) {
        switch (env.master().adopts()) {
            case UNKNOWN -> {} // masterReached follows, or nothing does in time
            case ANSWERS -> {
                former.isTold = true;
                session.isKnownToMaster = true;
                env.master().adopted(session);
            }
            case IS_SILENT -> {
                session.former = null;
                former.isTold = true;
                env.master().adopted(session);
                if (former.isKnown && !session.isKnownToMaster) {
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
            FormerServer former = session.former;
            if (former != null && (!former.isTold || isSilent)) {
                goOn(session, former);
            }
        }
    }

    /** The former server is detached: the session goes on with its next step. */
    private void complete(Session session, FormerServer former) {
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
        FormerServer former = session == null ? null : session.former;
        if (session == null || former == null || !former.isTold || epoch != 0 && epoch != session.epoch) {
            return; // to an earlier question
        }
        boolean counts = session.protocol() == Version3.PROTOCOL;
        if (counts && next > former.told().nextToClient()) {
            gap(id); // what lies between is lost
            return;
        }
        ClientPort link = session.successor();
        if (counts && link != null && former.isOutdatedBy(link, taken) && canBe(link)) {
            // Its client was at another server between two attempts here: what the master sends now is not what it
            // lacks.
            isClaimedBy(session, former, link);
            claimAgain(session, former, session.epoch);
            return;
        }
        long down = next == 0 ? session.nextDown() - 1 : next - 1;
        session.former = null;
        former.answers(0, counts ? former.told().nextToClient() - 1 : down);
        session.startsAt(taken, down);
        if (session.port() == former) {
            complete(session, former);
        } else {
            former.takeFrames().forEach(ByteBuf::release);
        }
    }

    void elsewhere(long id, long epoch) {
        Session session = table.get(id);
        if (session == null || epoch < session.epoch) {
            return; // said of an earlier time
        }
        env.counters().count(Metric.SESSIONS_ELSEWHERE);
        FormerServer former = session.former;
        if (former != null && session.port() == former && session.successor() != null) {
            claimAgain(session, former, epoch);
        } else {
            letGo(session, epoch);
        }
    }

    private void letGo(Session session, long epoch) {
        life.letGo(session, epoch, !records.isUp());
    }

    /** The client is here, and has just proved itself: whoever has its session meanwhile has to let it go. */
    private void claimAgain(Session session, FormerServer former, long epoch) {
        if (++former.tries > MOST_TRIES || !records.isUp()) {
            life.letGo(session, epoch, true);
            return;
        }
        former.isTold = false;
        ask(store.find(session.id), (found, failure) -> {
            if (!isWaiting(session, former)) {
                return;
            }
            boolean isOvertaken = found != null
                    && found.epoch() > Math.max(epoch, session.epoch)
                    && !found.owner().equals(keeping.owner());
            if (found == null || isOvertaken) {
                life.letGo(session, epoch, !isOvertaken);
                return;
            }
            long next = Math.max(epoch, found.epoch()) + 1;
            ask(
                    store.claim(session.id, found.epoch(), next, keeping.owner(), records.liveMillis()),
                    (granted, failed) -> {
                        if (!isWaiting(session, former)) {
                            return;
                        }
                        if (granted == null || !granted) {
                            life.letGo(session, epoch, true);
                            return;
                        }
                        session.epoch = next;
                        goOn(session, former);
                    });
        });
    }

    private boolean isWaiting(Session session, FormerServer former) {
        return table.get(session.id) == session && session.former == former && session.port() == former;
    }

    /** The master no longer keeps what the client lacks. */
    void gap(long id) {
        Session session = table.get(id);
        FormerServer former = session == null ? null : session.former;
        if (session == null || former == null || !former.isTold) {
            return;
        }
        session.former = null;
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
            FormerServer former = session.former;
            if (former != null && now() - former.sinceNanos >= ANSWER_NANOS) {
                late.add(session);
            }
        }
        for (Session session : late) {
            FormerServer former = session.former;
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
        if (link != null) {
            session.detaching(NextStep.BECOME_STALE);
            session.lostAtNanos = now();
            unavailable(link, session.id);
        }
        complete(session, former);
    }

    /** Drops everything that is held: the server has ended. */
    void release() {
        for (Session session : waiting) {
            FormerServer former = session.former;
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
