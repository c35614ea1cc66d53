package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A search for all sessions that match a question, with what they are ranked by. Belongs to the session loop, but for
 * {@link #sortedIds}.
 */
final class RankingSearch {
    private final SessionQuery query;
    private final SessionTable.Walk walk;
    private final long nowNanos;
    private final List<Ranked> found = new ArrayList<>();

    RankingSearch(SessionQuery query, SessionTable table, long nowNanos) {
        this.query = query;
        this.nowNanos = nowNanos;
        walk = table.walk(false);
    }

    /** A session in a ranking: the higher its figure the sooner it comes, and of two with the same the older one. */
    private record Ranked(long id, double figure, long openedAtNanos) implements Comparable<Ranked> {
        @Override
        public int compareTo(Ranked other) {
            int byFigure = Double.compare(other.figure, figure);
            return byFigure != 0 ? byFigure : Long.signum(openedAtNanos - other.openedAtNanos);
        }
    }

    /**
     * Looks at the next sessions, as many as the slice has room for.
     *
     * @return true if the search is over
     */
    boolean look(Slice slice) {
        while (slice.hasRoom()) {
            Session session = walk.next();
            if (session == null) {
                walk.close();
                return true;
            }
            if (query.matches(session)) {
                found.add(new Ranked(session.id, query.order().figureOf(session, nowNanos), session.openedAtNanos));
            }
        }
        return false;
    }

    /** The ids in their order. On any thread, once the search is over. */
    long[] sortedIds() {
        Collections.sort(found);
        return found.stream().mapToLong(Ranked::id).toArray();
    }

    /** The search is given up. */
    void close() {
        walk.close();
    }
}
