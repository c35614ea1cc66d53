package net.voltlane.server.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoredRecord;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the sessions that were let go, until it is sure that somebody else answers for them. The server that claims a
 * session may die before it can tell the master of that. If the client does not come back either, the master goes on to
 * have the session at this server, which lives, and nobody ends it.
 *
 * <pre>
 *   let go ──stale time──► look ──the record is of a server that lives──► forgotten: that one ends it
 *                               ──the record is of a dead server, or of this one──► look again later: a client may come
 *                               ──there is no record──► look again ──there is none──► the master is told of the end
 *   any ──the session comes back to this server──► forgotten
 * </pre>
 *
 * <p>The record of a session that nobody has expires by itself, so nothing is claimed here. The end may reach a master to
 * which another server has told it, or which has the session at another one by now. Such a master drops it, as it drops
 * everything that a former server says of a session. Belongs to the session loop.
 */
final class LetGoWatch {
    /** The number of sessions that are remembered. A further one is not watched. */
    static final int MOST = 1 << 16;
    /** The number of records that one round looks at. */
    static final int ROUND = 64;
    /** The time from one look at a session to the next. A store that was emptied is written again meanwhile. */
    static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SessionEnvironment env;
    private final RecordKeeping keeping;
    private final RecordStore store;
    private final SessionTable table;
    private final Records records;
    private final StoreQuestions questions;
    private final SessionLog log = new SessionLog();

    private final Map<Long, Watched> byId = new HashMap<>();
    /**
     * Looks that are planned, the next first, at most one for each session. A client that goes to and fro must not leave an
     * entry each time, so that one is found by its place in the order.
     */
    private final NavigableSet<Watched> waiting = new TreeSet<>();
    /** Questions of the present round that were not answered. */
    private int asked;

    LetGoWatch(SessionEnvironment env, RecordKeeping keeping, SessionTable table, Records records) {
        this.env = env;
        this.keeping = keeping;
        this.table = table;
        this.records = records;
        store = keeping.store();
        questions = new StoreQuestions(keeping.sessionLoop());
    }

    /** A session, and the time of the next look at it. */
    private record Watched(LetGoSession session, boolean wasGone, long dueNanos) implements Comparable<Watched> {
        @Override
        public int compareTo(Watched other) {
            int byTime = Long.compare(dueNanos - other.dueNanos, 0);
            return byTime != 0 ? byTime : Long.compare(session.id(), other.session.id());
        }
    }

    /** The session was let go. */
    void letGo(LetGoSession session) {
        if (byId.size() >= MOST) {
            env.counters().count(Metric.LET_GO_UNWATCHED);
        } else {
            watch(new Watched(session, false, now() + records.staleNanos()));
        }
    }

    /**
     * The session is this server's again.
     *
     * @return true if it was watched: the master was told of it by this server
     */
    boolean isBack(long id) {
        Watched former = byId.remove(id);
        if (former != null) {
            waiting.remove(former);
        }
        return former != null;
    }

    private void watch(Watched next) {
        isBack(next.session.id());
        byId.put(next.session.id(), next);
        waiting.add(next);
    }

    /** Looks at sessions whose time has come. To be called several times a second. */
    void sweep() {
        Watched first = waiting.isEmpty() ? null : waiting.first();
        if (first == null || first.dueNanos - now() > 0 || asked > 0 || !records.isUp()) {
            return;
        }
        Fleet fleet = store.fleet();
        asked++;
        questions.ask(
                fleet == null ? CompletableFuture.completedFuture(List.<Fleet.Member>of()) : fleet.members(),
                (members, failure) -> {
                    asked--;
                    if (members != null) {
                        look(members.stream().map(Fleet.Member::owner).collect(Collectors.toSet()));
                    }
                });
    }

    /** @param alive the servers that live */
    private void look(Set<String> alive) {
        for (int i = 0; i < ROUND; i++) {
            Watched next = waiting.isEmpty() ? null : waiting.first();
            if (next == null || next.dueNanos - now() > 0) {
                return;
            }
            waiting.remove(next);
            asked++;
            questions.ask(store.find(next.session.id()), (found, failure) -> {
                asked--;
                if (byId.remove(next.session.id(), next)) {
                    judge(next, found, failure != null, alive);
                }
            });
        }
    }

    private void judge(Watched watched, @Nullable StoredRecord found, boolean hasFailed, Set<String> alive) {
        LetGoSession session = watched.session;
        if (table.get(session.id()) != null) {
            return;
        }
        if (hasFailed) {
            again(session, false);
        } else if (found == null) {
            if (watched.wasGone) {
                env.counters().count(Metric.SESSIONS_ABANDONED);
                log.abandoned(session.id());
                env.master().abandoned(session, Reason.CLIENT_DISCONNECTED);
            } else {
                again(session, true);
            }
        } else if (found.owner().equals(keeping.owner()) || !alive.contains(found.owner())) {
            again(session, false);
        }
    }

    private void again(LetGoSession session, boolean wasGone) {
        watch(new Watched(session, wasGone, now() + AGAIN_NANOS));
    }

    /** The number of sessions that are remembered. */
    int size() {
        return byId.size();
    }

    /** The number of looks that are planned, of at most one for each session. */
    int planned() {
        return waiting.size();
    }

    /** The server has ended: answers that come yet are dropped. */
    void release() {
        questions.release();
    }

    private long now() {
        return env.nanoClock().getAsLong();
    }
}
