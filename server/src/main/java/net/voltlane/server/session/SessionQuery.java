package net.voltlane.server.session;

import java.util.Objects;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A question for a page of sessions. Begin with {@link #page}, and narrow it down. Immutable.
 *
 * @param state only sessions in this state; null: in any
 * @param within only sessions whose client is at this address, or in this network; null: at any
 * @param onlySlow only sessions whose client does not take everything at once
 * @param limit the most sessions on the page, at most {@link #MAX_LIMIT}
 * @param after the {@link SessionPage#next} of the page before; null: the first page
 */
public record SessionQuery(
        SessionView.@Nullable State state,
        @Nullable Cidr within,
        boolean onlySlow,
        Order order,
        int limit,
        @Nullable SessionCursor after) {
    /** Sessions on one page at most: each costs its link's loop a look. */
    public static final int MAX_LIMIT = 256;

    /** The order of sessions on a page, and from page to page. */
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST,
        /** The sessions for which most bytes wait, most first. */
        MOST_WAITING,
        /** The sessions with most payload bytes per second of their life, both directions together, most first. */
        MOST_TRAFFIC;

        /**
         * True for an order that changes all the time. Its pages show the sessions in the order that they were in when
         * the first page was asked for.
         */
        boolean isRanking() {
            return this == MOST_WAITING || this == MOST_TRAFFIC;
        }

        /** The figure that a session is ranked by. */
        double figureOf(Session session, long nowNanos) {
            return this == MOST_WAITING ? session.waitingBytes() : session.payloadBytesPerNano(nowNanos);
        }
    }

    public SessionQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
        }
    }

    /** Asks for the first page of all sessions. */
    public static SessionQuery page(Order order, int limit) {
        return new SessionQuery(null, null, false, order, limit, null);
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
        return new SessionQuery(
                state, within, onlySlow, order, limit, page.next().get());
    }

    boolean matches(Session session) {
        return (state == null || state.isStateOf(session))
                && (within == null || within.contains(session.from()))
                && (!onlySlow || session.isSlow());
    }

    /** True for sessions that were on an earlier page, or would have been. */
    boolean isBehindUs(Session session) {
        if (after == null) {
            return false;
        }
        long younger = session.openedAtNanos - after.place();
        return order == Order.OLDEST_FIRST ? younger <= 0 : younger >= 0;
    }

    /** True if the other question is this one, for another page or another number of sessions on it. */
    boolean isSameBut(SessionQuery other) {
        return state == other.state
                && Objects.equals(within, other.within)
                && onlySlow == other.onlySlow
                && order == other.order;
    }
}
