package net.voltlane.server.session;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All sessions that have not ended, by their ids, and in the order in which they were opened. Belongs to the session
 * loop.
 */
final class SessionTable {
    private final LongObjectMap<Session> sessions = new LongObjectHashMap<>();
    private final SessionIds ids;
    private final LongSupplier nanoClock;
    /** Ends of the line that goes through the sessions themselves. */
    private @Nullable Session oldest;

    private @Nullable Session newest;
    private long lastOpenedAtNanos;
    private final Set<Walk> walks = new HashSet<>();

    /**
     * @param nanoClock for the times of opening
     * @param random a cryptographic generator for ids: 64 random bits a call
     */
    SessionTable(LongSupplier nanoClock, LongSupplier random) {
        this.nanoClock = nanoClock;
        ids = new SessionIds(random);
        lastOpenedAtNanos = nanoClock.getAsLong() - 1;
    }

    /** An id for a new session. */
    long newId() {
        return ids.next(sessions);
    }

    /**
     * The time of opening of a new session. No two sessions have the same, so that it is also the session's place in the
     * order.
     */
    long newOpeningNanos() {
        long now = nanoClock.getAsLong();
        lastOpenedAtNanos = now - lastOpenedAtNanos > 0 ? now : lastOpenedAtNanos + 1;
        return lastOpenedAtNanos;
    }

    void add(Session session) {
        Session before = sessions.put(session.id, session);
        assert before == null : "ids are given once";
        assert newest == null || session.openedAtNanos - newest.openedAtNanos > 0 : "not in the order of opening";
        link(newest, session);
        link(session, null);
    }

    void remove(Session session) {
        Session removed = sessions.remove(session.id);
        assert removed == session;
        ids.ended(session.id);
        for (Walk walk : walks) {
            walk.leave(session);
        }
        link(session.older, session.newer);
        session.older = null;
        session.newer = null;
    }

    private void link(@Nullable Session older, @Nullable Session newer) {
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
    }

    @Nullable
    Session get(long id) {
        return sessions.get(id);
    }

    Collection<Session> all() {
        return sessions.values();
    }

    int size() {
        return sessions.size();
    }

    boolean isEmpty() {
        return sessions.isEmpty();
    }

    /** Begins to walk along all sessions. The walk has to be {@linkplain Walk#close closed}. */
    Walk walk(boolean newestFirst) {
        Walk walk = new Walk(newestFirst, newestFirst ? newest : oldest);
        walks.add(walk);
        return walk;
    }

    /** Begins a walk with the session that follows this one. It has to be closed likewise. */
    Walk walkBehind(Session session, boolean newestFirst) {
        Walk walk = new Walk(newestFirst, session);
        walk.leave(session);
        walks.add(walk);
        return walk;
    }

    /** The number of walks that are not closed. */
    int walks() {
        return walks.size();
    }

    /**
     * A walk along all sessions in the order of their opening, which may pause: sessions may be opened and end meanwhile.
     * It comes once to each session that is there from its beginning to its end.
     */
    final class Walk implements AutoCloseable {
        private final boolean newestFirst;
        /** The session that comes next. */
        private @Nullable Session at;

        private Walk(boolean newestFirst, @Nullable Session at) {
            this.newestFirst = newestFirst;
            this.at = at;
        }

        /** The next session; null at the end. */
        @Nullable
        Session next() {
            Session session = at;
            if (session != null) {
                leave(session);
            }
            return session;
        }

        /** Goes on, if this session comes next. */
        private void leave(Session session) {
            if (at == session) {
                at = newestFirst ? session.older : session.newer;
            }
        }

        @Override
        public void close() {
            walks.remove(this);
        }
    }
}
