package net.voltlane.server.session;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.function.LongSupplier;

/**
 * New session ids: random, so that nobody can guess one; not 0; below 2^53, so that every language can hold them
 * exactly; and none that lives or ended lately, so that a packet meant for a dead session reaches nobody else.
 */
final class SessionIds {
    static final long BELOW = 1L << 53;
    /** How many ended sessions are remembered: at ten thousand ends a second, for more than six seconds. */
    static final int REMEMBERED = 1 << 16;

    private final LongSupplier random;
    private final LongObjectMap<Boolean> ended = new LongObjectHashMap<>();
    private final long[] endedInOrder = new long[REMEMBERED];
    private int oldest;

    /** @param random a cryptographic generator: 64 random bits a call */
    SessionIds(LongSupplier random) {
        this.random = random;
    }

    /** An id that is not in {@code live} and has not ended lately. */
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
