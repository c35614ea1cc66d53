package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rankings whose pages may still be turned. What a ranking is by changes all the time, so its order is kept as the
 * list of its sessions' ids. Bounded in number, in ids and in time. Belongs to the session loop.
 */
final class SessionRankings {
    /** Rankings that are kept at most. */
    static final int MAX = 8;
    /** Ids in all rankings but the newest: 16 MiB. */
    static final int MAX_IDS = 1 << 21;
    /** Time for which a ranking is kept after its last page was asked for. */
    static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final int maxIds;
    private final List<Ranking> all = new ArrayList<>();
    private long lastNumber;
    private long uses;

    SessionRankings() {
        this(MAX_IDS);
    }

    SessionRankings(int maxIds) {
        this.maxIds = maxIds;
    }

    /** A ranking as it was when its first page was asked for. */
    static final class Ranking {
        final long number;
        /** Ids of sessions, the first in rank first. */
        final long[] ids;

        private final SessionQuery query;
        private long usedAtNanos;
        private long lastUse;
        private boolean isTurned;

        private Ranking(long number, long[] ids, SessionQuery query) {
            this.number = number;
            this.ids = ids;
            this.query = query;
        }
    }

    /** Keeps a new ranking, and drops others that there is no room for. */
    Ranking add(SessionQuery query, long[] ids, long nowNanos) {
        forgetOld(nowNanos);
        while (!all.isEmpty() && (all.size() >= MAX || idsKept() > maxIds)) {
            all.remove(all.stream().min(SessionRankings::byUse).orElseThrow());
        }
        Ranking ranking = new Ranking(++lastNumber, ids, query);
        use(ranking, nowNanos);
        all.add(ranking);
        return ranking;
    }

    /** Finds the ranking whose next page is asked for; null if it is not kept, or was made for another question. */
    @Nullable
    Ranking turn(SessionQuery query, long number, long nowNanos) {
        forgetOld(nowNanos);
        for (Ranking ranking : all) {
            if (ranking.number == number && ranking.query.isSameBut(query)) {
                ranking.isTurned = true;
                use(ranking, nowNanos);
                return ranking;
            }
        }
        return null;
    }

    int size() {
        return all.size();
    }

    void clear() {
        all.clear();
    }

    private void use(Ranking ranking, long nowNanos) {
        ranking.usedAtNanos = nowNanos;
        ranking.lastUse = ++uses;
    }

    /** Forgets those of which no page was asked for in their time. */
    void forgetOld(long nowNanos) {
        all.removeIf(ranking -> nowNanos - ranking.usedAtNanos >= KEPT_NANOS);
    }

    /** The first to be dropped are those of which no second page was asked for, as by a screen that shows the top. */
    private static int byUse(Ranking one, Ranking other) {
        return one.isTurned == other.isTurned
                ? Long.compare(one.lastUse, other.lastUse)
                : Boolean.compare(one.isTurned, other.isTurned);
    }

    private long idsKept() {
        return all.stream().mapToLong(ranking -> ranking.ids.length).sum();
    }
}
