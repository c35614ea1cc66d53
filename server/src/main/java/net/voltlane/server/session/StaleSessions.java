package net.voltlane.server.session;

import net.voltlane.server.address.Holders;
import net.voltlane.server.address.Holders.Place;
import org.jspecify.annotations.Nullable;

/**
 * The stale sessions, in two orders: by the time of their loss, the longest stale first, and by the addresses of their
 * last links, for the choice of the session that gives way when there are too many. That is a session of the address that
 * has most of them; of one address's, those that the master never heard of give way before the others, and then the
 * longest stale. Belongs to the session loop.
 */
final class StaleSessions {
    /** A session's places in both orders. A session has one only while it is stale, so that live ones stay small. */
    static final class Entry {
        final Session session;
        final Place<Session> place;

        @Nullable
        Entry previous;

        @Nullable
        Entry next;

        Entry(Session session, Place<Session> place) {
            this.session = session;
            this.place = place;
        }
    }

    private final Holders<Session> byAddress = new Holders<>();

    @Nullable
    Entry first;

    private @Nullable Entry last;

    long size() {
        return byAddress.size();
    }

    void add(Session session) {
        assert session.staleEntry == null : "is stale already";
        Entry entry = new Entry(
                session, byAddress.add(session.from(), session, !session.isKnownToMaster, session.lostAtNanos));
        session.staleEntry = entry;
        Entry before = last;
        // Nearly always the last: only a slow detach brings one that was lost earlier than others that are here.
        while (before != null && before.session.lostAtNanos - session.lostAtNanos > 0) {
            before = before.previous;
        }
        Entry behind = before == null ? first : before.next;
        link(before, entry);
        link(entry, behind);
    }

    void remove(Session session) {
        Entry entry = entry(session);
        byAddress.remove(entry.place);
        session.staleEntry = null;
        link(entry.previous, entry.next);
    }

    /** Makes two entries neighbours; null stands for the end of the line. */
    private void link(@Nullable Entry before, @Nullable Entry behind) {
        if (before == null) {
            first = behind;
        } else {
            before.next = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.previous = before;
        }
    }

    /** The session to give way because there are too many. */
    Session toEvict() {
        Place<Session> place = byAddress.toGiveWay();
        assert place != null : "nobody is stale";
        return place.item();
    }

    /**
     * The session to give way because the address that this one was lost at has too many; null where it has not.
     *
     * @param limit the most that one address may have; 0: any number
     */
    @Nullable
    Session toEvictFor(Session session, long limit) {
        Entry entry = session.staleEntry;
        Place<Session> evicted = entry == null ? null : byAddress.overLimit(entry.place, limit);
        return evicted == null ? null : evicted.item();
    }

    /** The address or network that a stale session counts for, and how many that has. */
    Holders.Holder holderOf(Session session) {
        return entry(session).place.holder();
    }

    /** A session whose stale time is over at {@code nowNanos}; null when there is none. */
    @Nullable
    Session overdue(long nowNanos, long timeoutNanos) {
        Entry longest = first;
        return longest != null && longest.session.isOverdue(nowNanos, timeoutNanos) ? longest.session : null;
    }

    private static Entry entry(Session session) {
        Entry entry = session.staleEntry;
        assert entry != null : "is not stale";
        return entry;
    }
}
