package net.voltlane.server.session;

import java.util.OptionalLong;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A question for a page of sessions. Begin with {@link #page}, and narrow it down. Immutable.
 *
 * @param state only sessions in this state; null: in any
 * @param within only sessions whose client is at this address, or in this network; null: at any
 * @param onlySlow only sessions whose client does not take everything at once
 * @param limit the most sessions on the page, at most {@link #MAX_LIMIT}
 * @param after the {@link SessionPage#next} of the page before; empty: the first page
 */
public record SessionQuery(
        SessionView.@Nullable State state,
        @Nullable Cidr within,
        boolean onlySlow,
        Order order,
        int limit,
        OptionalLong after) {
    /** Sessions on one page at most: each costs its link's loop a look. */
    public static final int MAX_LIMIT = 256;

    /** The order of sessions on a page, and from page to page. */
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST,
        /**
         * The sessions for which most bytes wait, most first. That order changes while pages are turned, so that it has
         * one page only.
         */
        MOST_WAITING
    }

    public SessionQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
        }
        if (order == Order.MOST_WAITING && after.isPresent()) {
            throw new IllegalArgumentException("MOST_WAITING has one page only");
        }
    }

    /** Asks for the first page of all sessions. */
    public static SessionQuery page(Order order, int limit) {
        return new SessionQuery(null, null, false, order, limit, OptionalLong.empty());
    }

    public SessionQuery in(SessionView.State only) {
        return new SessionQuery(only, within, onlySlow, order, limit, after);
    }

    public SessionQuery within(Cidr only) {
        return new SessionQuery(state, only, onlySlow, order, limit, after);
    }

    public SessionQuery slow() {
        return new SessionQuery(state, within, true, order, limit, after);
    }

    /**
     * Asks for the page that follows.
     *
     * @throws IllegalArgumentException if this page was the last
     */
    public SessionQuery after(SessionPage page) {
        if (page.next().isEmpty()) {
            throw new IllegalArgumentException("no page follows the last one"); // it would be the first page once more
        }
        return new SessionQuery(state, within, onlySlow, order, limit, page.next());
    }

    boolean matches(Session session) {
        return (state == null || state.isStateOf(session))
                && (within == null || within.contains(session.from()))
                && (!onlySlow || session.isSlow());
    }

    /** True for sessions that were on an earlier page, or would have been. */
    boolean isBehindUs(Session session) {
        if (after.isEmpty()) {
            return false;
        }
        long younger = session.openedAtNanos - after.getAsLong();
        return order == Order.OLDEST_FIRST ? younger <= 0 : younger >= 0;
    }
}
