package net.voltlane.server.session;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All sessions that have not ended, by their ids. Belongs to the session loop. */
final class SessionTable {
    private final LongObjectMap<Session> sessions = new LongObjectHashMap<>();
    private final SessionIds ids;

    /** @param random a cryptographic generator for ids: 64 random bits a call */
    SessionTable(LongSupplier random) {
        ids = new SessionIds(random);
    }

    /** An id for a new session. */
    long newId() {
        return ids.next(sessions);
    }

    void add(Session session) {
        Session before = sessions.put(session.id, session);
        assert before == null : "ids are given once";
    }

    void remove(Session session) {
        Session removed = sessions.remove(session.id);
        assert removed == session;
        ids.ended(session.id);
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
}
