package net.voltlane.server.uplink;

import java.util.function.DoubleSupplier;

/**
 * The delay before the next dial. It doubles up to a cap, and half of it is random, so that servers that lost the same
 * master do not come back in step. It starts over only after a link has lived for a while, or has proven that the master
 * works, so that a master that accepts and dies at once is not hammered.
 */
final class Backoff {
    static final long FIRST_NANOS = 100_000_000L;
    static final long CAP_NANOS = 5_000_000_000L;
    static final long STABLE_NANOS = 5_000_000_000L;

    private final DoubleSupplier random;
    private long nextNanos = FIRST_NANOS;

    /** @param random uniform in [0, 1) */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    long nextDelayNanos() {
        long full = nextNanos;
        nextNanos = Math.min(full * 2, CAP_NANOS);
        long half = full / 2;
        return half + (long) (half * random.getAsDouble());
    }

    void linkLived(long nanos) {
        if (nanos >= STABLE_NANOS) {
            nextNanos = FIRST_NANOS;
        }
    }
}
