package net.voltlane.server.session;

import org.jspecify.annotations.Nullable;

/**
 * The stale sessions, the longest stale first, those that the master never heard of apart: they give way first. Linked
 * through the sessions themselves. Belongs to the session loop.
 */
final class StaleSessions {
    private final Line unheard = new Line();
    private final Line heard = new Line();
    private long size;

    long size() {
        return size;
    }

    void add(Session session) {
        line(session).add(session);
        size++;
    }

    void remove(Session session) {
        line(session).remove(session);
        size--;
    }

    /** The one to give way; null when there is none. */
    @Nullable
    Session toEvict() {
        return unheard.first != null ? unheard.first : heard.first;
    }

    /** One whose stale time is over at {@code nowNanos}; null when there is none. */
    @Nullable
    Session overdue(long nowNanos, long timeoutNanos) {
        Session session = unheard.first;
        if (session != null && session.isOverdue(nowNanos, timeoutNanos)) {
            return session;
        }
        session = heard.first;
        return session != null && session.isOverdue(nowNanos, timeoutNanos) ? session : null;
    }

    private Line line(Session session) {
        return session.heard ? heard : unheard;
    }

    private static final class Line {
        @Nullable
        Session first;

        @Nullable
        Session last;

        void add(Session session) {
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
    }
}
