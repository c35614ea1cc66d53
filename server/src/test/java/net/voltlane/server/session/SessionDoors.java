package net.voltlane.server.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Access to this package for tests of other packages. */
public final class SessionDoors {
    private SessionDoors() {}

    /** The permission to resume a session; null if there is no such session. */
    public static @Nullable ResumeToken find(Sessions sessions, long id) {
        AtomicReference<ResumeToken> found = new AtomicReference<>();
        sessions.find(id, Version2.PROTOCOL, found::set);
        return found.get();
    }

    public static boolean isResumable(Sessions sessions, long id) {
        return find(sessions, id) != null;
    }

    /** True if the server has the session, with or without a link. */
    public static boolean has(Sessions sessions, long id) {
        return sessions.session(id) != null;
    }

    /** True if the server has the session, and it waits neither for its client nor for the backend. */
    public static boolean serves(Sessions sessions, long id) {
        Session session = sessions.session(id);
        return session != null && session.state() != Session.State.STALE && session.former() == null;
    }

    /** The session has this epoch from now on, as if its server had claimed it. */
    static void epoch(Sessions sessions, long id, long epoch) {
        Session session = Objects.requireNonNull(sessions.session(id));
        session.epoch(epoch);
    }

    /** Numbers of stale sessions, by the address of their last link. */
    public static Map<String, Integer> staleByAddress(Sessions sessions) {
        Map<String, Integer> counts = new HashMap<>();
        for (StaleSessions.Entry entry = sessions.stale.first; entry != null; entry = entry.next) {
            counts.merge(entry.session.from().toString(), 1, Integer::sum);
        }
        return counts;
    }
}
