package net.voltlane.client;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next dial: anything from nothing to a bound, and the bound doubles from one wait to the
 * next up to a cap. The whole of it is left to chance, and chance comes after the cap, so that a thousand clients that
 * lost one server at one moment are spread evenly over the whole of the bound, however often they have tried.
 *
 * <p>It starts over only after a link has lived for a while: a server that lets clients in and drops them at once is
 * not to be hammered. For one thread.
 */
final class Backoff {

    /** How long a link has to live to count as one that works. */
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
     * How long to wait before asking again a server that has answered, and well: anything up to twice the base, however
     * long the waits for servers that did not answer have grown.
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
