package net.voltlane.server.session;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.function.LongSupplier;

/**
 * A source of session ids. An id is random, so that nobody can guess it; not 0; and below 2^53, so that every language
 * can hold it exactly. It is not the id of a session that lives or ended lately, so that a packet for a session that is
 * over reaches nobody else. Belongs to the session loop.
 */
final class SessionIds {
    static final long BELOW = 1L << 53;
    /** Number of ended sessions that are remembered: more than six seconds' worth at ten thousand ends a second. */
    static final int REMEMBERED = 1 << 16;

    private final LongSupplier random;
    private final LongObjectMap<Boolean> ended = new LongObjectHashMap<>();
    private final long[] endedInOrder = new long[REMEMBERED];
    private int oldest;

    /** @param random a cryptographic generator: 64 random bits a call */
    SessionIds(LongSupplier random) {
        this.random = random;
    }

    /** A new id, which is not in {@code live} and has not ended lately. */
    long next(LongObjectMap<?> live) {
        while (true) {
            long id = random.getAsLong() & (BELOW - 1);
            if (id != 0 && !live.containsKey(id) && !ended.containsKey(id)) {
                return id;
            }
        }
    }

    void ended(long id) {
        ended.remove(endedInOrder[oldest]);
        endedInOrder[oldest] = id;
        oldest = (oldest + 1) % REMEMBERED;
        ended.put(id, Boolean.TRUE);
    }
}
