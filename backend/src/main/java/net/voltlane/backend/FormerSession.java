package net.voltlane.backend;

import org.jspecify.annotations.Nullable;

/**
 * A session that a server had, or wanted, and that another one has. What the server still says about it is dropped.
 * Guarded by the directory's lock.
 */
final class FormerSession {
    /** Numbers of the session, which know the epoch; null if it was over before. */
    private final @Nullable SessionNumbers numbers;

    private final long lastEpoch;
    private final long sinceNanos;
    private final boolean silent;
    /** The number of the link on which the server was told; 0 if it was not. */
    private long toldOn;

    /**
     * @param numbers those of the session, which know the epoch
     * @param silent true if the server knows that the session is over
     */
    FormerSession(SessionNumbers numbers, long sinceNanos, boolean silent) {
        this.numbers = numbers;
        this.sinceNanos = sinceNanos;
        this.silent = silent;
        lastEpoch = 0;
    }

    /** A session that was over before its server told of it, and of which the server knows that by now. */
    FormerSession(long lastEpoch, long sinceNanos) {
        numbers = null;
        this.lastEpoch = lastEpoch;
        this.sinceNanos = sinceNanos;
        silent = true;
    }

    long epoch() {
        return numbers == null ? lastEpoch : numbers.epoch();
    }

    /** Tells whether the server has to be told on a link. Returns true once for each link. */
    boolean isToBeTold(Firehose link) {
        boolean isNew = !silent && toldOn != link.number();
        toldOn = link.number();
        return isNew;
    }

    /** Tells whether the session is over and the server has nothing to say about it any more. */
    boolean isPast(long nowNanos, long nanos) {
        return (numbers == null || numbers.isOver()) && nowNanos - sinceNanos >= nanos;
    }
}
