package net.voltlane.server.session;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.RecordSeal;
import org.jspecify.annotations.Nullable;

/**
 * The parts that make up {@link Sessions}, wired together, with the records outside of this process where there are any: the
 * events that concern those, and the questions that only look. Belongs to the session loop: no method may be called
 * elsewhere.
 */
abstract class RecordedSessions {
    final Owner owner;
    final MasterPort master;
    final MemoryBudget budget;
    final Counters counters;
    final LongSupplier nanoClock;

    final SessionTable table;
    final StaleSessions stale = new StaleSessions();
    final FirehoseHold firehose;
    final SessionLife life;
    final Claims claims;
    final SessionPager pager;
    /** The records of sessions outside of this process; null if there are none. */
    final @Nullable Records records;
    /** The new sessions that wait for their records; null where there are no records. */
    final @Nullable Openings openings;
    /** The sessions that come from other servers; null where there are no records. */
    final @Nullable Adoptions adoptions;

    /** The sessions that went on elsewhere lately; null where there are no records. */
    final @Nullable LetGoWatch letGoWatch;

    private final @Nullable RecordKeeping keeping;
    private boolean released;

    /**
     * @param stores makes the store, for the table of all sessions
     * @param keeping null if sessions have no records outside of this process
     */
    RecordedSessions(
            SessionSettings settings,
            SessionEnvironment env,
            LongSupplier random,
            Function<SessionTable, SessionStore> stores,
            @Nullable RecordKeeping keeping) {
        owner = env.owner();
        master = env.master();
        budget = env.budget();
        counters = env.counters();
        nanoClock = env.nanoClock();
        this.keeping = keeping;
        table = new SessionTable(nanoClock, random);
        SessionStore store = stores.apply(table);
        firehose = new FirehoseHold(master, counters);
        life = new SessionLife(env, settings, table, store, stale, firehose, this::oneEnded);
        claims = new Claims(env, table, store, life, this::isStopping);
        pager = new SessionPager(owner, table, life::settings, nanoClock);
        if (keeping == null) {
            records = null;
            openings = null;
            adoptions = null;
            letGoWatch = null;
        } else {
            records = new Records(env, keeping, table, life);
            openings = new Openings(env, table, life, records, keeping.whenAway());
            life.records(records);
            letGoWatch = new LetGoWatch(env, keeping, table, records);
            life.lettingGo.watch(letGoWatch);
            adoptions = new Adoptions(env, keeping, table, life, records, this::isStopping, this::isDraining);
            adoptions.letGoWatch(letGoWatch);
            claims.adoptions(adoptions);
            life.adoptions(adoptions);
            keeping.events().begin(records);
        }
    }

    /** A session has ended, and all that this brings about is done. */
    abstract void oneEnded();

    abstract boolean isStopping();

    abstract boolean isDraining();

    /** True once everything that was held is dropped. */
    final boolean isReleased() {
        return released;
    }

    /**
     * Hands over what is kept for clients that go on at other servers, and takes what others hand over, where the store can
     * carry that. Before the first session.
     *
     * @param seal {@link RecordSeal#ofHandOvers}
     */
    public final void handsOver(RecordSeal seal) {
        Fleet fleet = keeping == null ? null : keeping.store().fleet();
        if (fleet != null && adoptions != null) {
            HandOvers handOvers = new HandOvers(fleet, seal, master, counters);
            life.lettingGo.handOvers(handOvers);
            adoptions.handOvers(handOvers);
        }
    }

    // ---- events of the master that concern adoptions

    /** The firehose speaks, and {@link MasterPort#adopts} is known. */
    public final void masterReached() {
        assert owner.isCurrent() : "belongs to the session loop";
        if (adoptions != null) {
            adoptions.answers.masterReached();
        }
    }

    /**
     * The master tells how far a session had come that was adopted.
     *
     * @param taken data packets of the client that it has had
     * @param next the number of the next data packet that it sends; 0: it does not say
     * @param epoch the epoch of the adoption; 0: it does not say
     */
    public final void position(long id, long taken, long next, long epoch) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (adoptions != null) {
            adoptions.answers.position(id, taken, next, epoch);
        }
    }

    /** The master says that another server has a session, under this epoch. */
    public final void elsewhere(long id, long epoch) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (adoptions != null) {
            adoptions.answers.elsewhere(id, epoch);
        }
    }

    /** The master does not keep what the client of an adopted session lacks. */
    public final void gap(long id) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (adoptions != null) {
            adoptions.answers.gap(id);
        }
    }

    /** The time for which sessions wait for their clients, in milliseconds; -1 where they have no records. */
    public final long staleMillisToTell() {
        return records == null
                ? -1
                : TimeUnit.NANOSECONDS.toMillis(life.settings().staleTimeoutNanos());
    }

    // ---- time

    /**
     * Renews the records of sessions whose turn it is, if there are any outside of this process. To be called about ten
     * times a second.
     */
    public final void renewRecords() {
        assert owner.isCurrent() : "belongs to the session loop";
        if (records != null && !released) {
            records.renew();
        }
        if (adoptions != null && !released) {
            adoptions.answers.sweep();
        }
        if (letGoWatch != null && !released && !isStopping()) {
            letGoWatch.sweep();
        }
    }

    /** Drops everything that is held, and keeps nothing from now on: the server has ended. On any thread. */
    public final void release() {
        released = true;
        pager.release();
        if (openings != null) {
            openings.release();
        }
        if (adoptions != null) {
            adoptions.answers.release();
        }
        if (letGoWatch != null) {
            letGoWatch.release();
        }
        if (records != null) {
            records.release();
        }
        table.all().forEach(life.packets::dropKept);
    }

    // ---- questions

    /**
     * Puts a page of sessions together, in tasks that look at a few hundred sessions at most.
     *
     * @param sessionLoop runs these tasks on the session loop
     * @param page gets the page; or an {@link ExpiredCursorException}, a {@link TooManyPagesException}, or another
     *     exception where the server ends before. Completed on no loop
     */
    public final void page(SessionQuery query, Executor sessionLoop, CompletableFuture<SessionPage> page) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (released) {
            page.completeExceptionally(new IllegalStateException("the server has ended"));
        } else {
            pager.page(query, sessionLoop, page);
        }
    }

    /** Looks at one session; {@code answer} is completed on no loop, with nothing where there is no such session. */
    public final void look(long id, CompletableFuture<Optional<SessionView>> answer) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (released) {
            answer.completeExceptionally(new IllegalStateException("the server has ended"));
        } else {
            pager.one(id, answer);
        }
    }

    public final int size() {
        return table.size();
    }

    public final long staleSize() {
        return stale.size();
    }

    /** The session of this id; null if there is none. */
    final @Nullable Session session(long id) {
        return table.get(id);
    }

    /** True if the store of records answers, as far as is known; also where there is none. */
    public final boolean isStoreUp() {
        return records == null || records.isUp();
    }

    /** Sessions that end with this process, because the store does not have their record; 0 where there is no store. */
    public final long unrecordedSize() {
        return records == null ? 0 : records.unrecorded();
    }
}
