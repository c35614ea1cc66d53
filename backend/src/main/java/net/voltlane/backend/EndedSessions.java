package net.voltlane.backend;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that have ended lately and whose servers keep records of them. Another server may have claimed such a session
 * before it has ended, and tell of it later: the application must not hear of it again. The oldest give way at a bound.
 * Guarded by the directory's lock.
 */
final class EndedSessions {
    /** The most sessions that are remembered, of about 100 bytes each. */
    static final int MOST = 1 << 16;

    private final Map<Long, Long> epochs = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MOST;
        }
    };

    /** A session has ended under this epoch; 0 if there are no records of it. */
    void add(long id, long epoch) {
        if (epoch > 0) {
            epochs.remove(id); // it is the newest now
            epochs.put(id, epoch);
        }
    }

    /** A session begins anew. */
    void remove(long id) {
        epochs.remove(id);
    }

    /** Returns the epoch under which a session has ended; null if it is not known to have ended. */
    @Nullable
    Long epoch(long id) {
        return epochs.get(id);
    }
}
