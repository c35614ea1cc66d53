package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.voltlane.server.session.SessionRankings.Ranking;
import org.jspecify.annotations.Nullable;

/** A search for the sessions of one page, in steps. Belongs to the session loop. */
abstract class PageSearch {
    final SessionQuery query;
    private final List<Session> found = new ArrayList<>();

    PageSearch(SessionQuery query) {
        this.query = query;
    }

    /**
     * Looks at the next sessions, as many as the slice has room for.
     *
     * @return true if the search is over
     */
    abstract boolean look(Slice slice);

    /** The place behind the page, once the search is over; empty where nothing follows. */
    abstract Optional<SessionCursor> next();

    /** The search is over, or given up. */
    void close() {}

    /** The sessions of the page, some of which may have ended meanwhile. */
    List<Session> found() {
        return found;
    }

    final boolean isFull() {
        return found.size() == query.limit();
    }

    final void take(Session session) {
        found.add(session);
    }

    /** The search for a page in an order of opening. */
    static final class ByOpening extends PageSearch {
        private final SessionTable.Walk walk;
        private Optional<SessionCursor> next = Optional.empty();

        ByOpening(SessionQuery query, SessionTable table) {
            super(query);
            boolean newestFirst = query.order() == SessionQuery.Order.NEWEST_FIRST;
            SessionCursor after = query.after();
            Session last = after == null ? null : table.get(after.at());
            // Where the last one has ended meanwhile, the walk comes along all that are behind it.
            walk = last == null ? table.walk(newestFirst) : table.walkBehind(last, newestFirst);
        }

        @Override
        boolean look(Slice slice) {
            while (slice.hasRoom()) {
                Session session = walk.next();
                if (session == null) {
                    next = Optional.empty();
                    return true;
                }
                if (!query.isBehindUs(session) && query.matches(session)) {
                    if (isFull()) {
                        return true;
                    }
                    take(session);
                    next = Optional.of(new SessionCursor(session.openedAtNanos, session.id));
                }
            }
            return false;
        }

        @Override
        Optional<SessionCursor> next() {
            return next;
        }

        @Override
        void close() {
            walk.close();
        }
    }

    /** The search for a page in a ranking. */
    static final class ByRank extends PageSearch {
        private final SessionTable table;
        private final Ranking ranking;
        private int at;

        ByRank(SessionQuery query, SessionTable table, Ranking ranking, int at) {
            super(query);
            this.table = table;
            this.ranking = ranking;
            this.at = at;
        }

        @Override
        boolean look(Slice slice) {
            while (!isFull() && at < ranking.ids.length) {
                if (!slice.hasRoom()) {
                    return false;
                }
                @Nullable Session session = table.get(ranking.ids[at++]);
                if (session != null && query.matches(session)) {
                    take(session);
                }
            }
            return true;
        }

        @Override
        Optional<SessionCursor> next() {
            return at < ranking.ids.length ? Optional.of(new SessionCursor(ranking.number, at)) : Optional.empty();
        }
    }
}
