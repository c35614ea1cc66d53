package net.voltlane.client;

import java.util.function.DoubleSupplier;

/**
 * The wait before the next dial: a random time between 0 and a bound that doubles from one wait to the next, up to a
 * cap ("full jitter"). The cap is applied before the random choice, so that a thousand clients that lost one server at
 * the same moment are spread evenly over the whole bound, however often they have tried.
 *
 * <p>The bound starts over only after a link has lived for a while, because a server that accepts clients and drops
 * them at once must not be hammered. For one thread.
 */
final class Backoff {

    /** The lifetime from which on a link counts as one that works. */
    static final long STABLE_NANOS = 5_000_000_000L;

    private final long baseNanos;
    private final long capNanos;
    private final DoubleSupplier chance;
    private long boundNanos;

    /** @param chance uniform in [0, 1) */
    Backoff(long baseNanos, long capNanos, DoubleSupplier chance) {
        this.baseNanos = Math.min(baseNanos, capNanos);
        this.capNanos = capNanos;
        this.chance = chance;
        this.boundNanos = this.baseNanos;
    }

    long nextNanos() {
        long bound = boundNanos;
        boundNanos = bound > capNanos / 2 ? capNanos : bound * 2;
        return (long) (bound * chance.getAsDouble());
    }

    /**
     * Returns the wait before a server that has answered is asked again: a random time up to twice the base, however
     * long the waits after failed attempts have become.
     */
    long nanosAfterAnswer() {
        return (long) ((baseNanos > capNanos / 2 ? capNanos : baseNanos * 2) * chance.getAsDouble());
    }

    void linkLived(long nanos) {
        if (nanos >= STABLE_NANOS) {
            boundNanos = baseNanos;
        }
    }
}
