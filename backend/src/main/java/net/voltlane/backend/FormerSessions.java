package net.voltlane.backend;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that a server had, or wanted, and that another one has. Each is remembered until the server has said that
 * it is over, or until nothing can be said about it any more. Guarded by the directory's lock.
 */
final class FormerSessions {
    private static final long PRUNE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<Long, FormerSession> sessions = new HashMap<>();
    private long prunedNanos;

    void put(long id, FormerSession session) {
        sessions.put(id, session);
    }

    void remove(long id) {
        sessions.remove(id);
    }

    @Nullable
    FormerSession get(long id) {
        return sessions.get(id);
    }

    /** Forgets sessions that have been over for so long. */
    void prune(long nowNanos, long nanos) {
        if (!sessions.isEmpty() && nowNanos - prunedNanos >= PRUNE_NANOS) {
            prunedNanos = nowNanos;
            sessions.values().removeIf(session -> session.isPast(nowNanos, nanos));
        }
    }

    int size() {
        return sessions.size();
    }
}
