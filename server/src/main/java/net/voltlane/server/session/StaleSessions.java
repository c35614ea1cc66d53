package net.voltlane.server.session;

import net.voltlane.server.address.Holders;
import net.voltlane.server.address.Holders.Place;
import org.jspecify.annotations.Nullable;

/**
 * The stale sessions: the longest stale first, and by the addresses of their last links, for who gives way when there
 * are too many. That is a session of the address that has most of them; of one address's, those that the master never
 * heard of give way before the others, and then the longest stale. Belongs to the session loop.
 */
final class StaleSessions {
    private final Holders<Session> byAddress = new Holders<>();
    /** Linked through the sessions themselves. */
    @Nullable
    Session first;

    private @Nullable Session last;

    long size() {
        return byAddress.size();
    }

    void add(Session session) {
        session.stalePlace = byAddress.add(session.from(), session, !session.isKnownToMaster, session.lostAtNanos);
        Session before = last;
        // Nearly always the last: only a slow detach brings one that was lost earlier than others that are here.
        while (before != null && before.lostAtNanos - session.lostAtNanos > 0) {
            before = before.previous;
        }
        Session behind = before == null ? first : before.next;
        session.previous = before;
        session.next = behind;
        if (before == null) {
            first = session;
        } else {
            before.next = session;
        }
        if (behind == null) {
            last = session;
        } else {
            behind.previous = session;
        }
    }

    void remove(Session session) {
        byAddress.remove(place(session));
        session.stalePlace = null;
        if (session.previous == null) {
            first = session.next;
        } else {
            session.previous.next = session.next;
        }
        if (session.next == null) {
            last = session.previous;
        } else {
            session.next.previous = session.previous;
        }
        session.previous = null;
        session.next = null;
    }

    /** The one to give way because there are too many. */
    Session toEvict() {
        Place<Session> place = byAddress.toGiveWay();
        assert place != null : "somebody has to be there";
        return place.item();
    }

    /**
     * The one to give way because the address that this one was lost at has too many; null where it has not.
     *
     * @param limit how many one address may have; 0: any number
     */
    @Nullable
    Session toEvictFor(Session session, long limit) {
        Place<Session> place = session.stalePlace;
        Place<Session> evicted = place == null ? null : byAddress.overLimit(place, limit);
        return evicted == null ? null : evicted.item();
    }

    /** The address or network that a stale session counts for, and how many that has. */
    Holders.Holder holderOf(Session session) {
        return place(session).holder();
    }

    /** One whose stale time is over at {@code nowNanos}; null when there is none. */
    @Nullable
    Session overdue(long nowNanos, long timeoutNanos) {
        Session session = first;
        return session != null && session.isOverdue(nowNanos, timeoutNanos) ? session : null;
    }

    private static Place<Session> place(Session session) {
        Place<Session> place = session.stalePlace;
        assert place != null : "only the stale are asked about";
        return place;
    }
}
