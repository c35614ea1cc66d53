package net.voltlane.server.guard;

/**
 * A token bucket that fills up within one period, so that one period's worth of tokens may be spent at once. Its only
 * state is the time at which it will be full. Each call says how many tokens there are in a period, so that the number
 * may change. Not thread-safe.
 */
public final class TokenBucket {
    private final long periodNanos;
    /** The time at which the bucket is full, if no token is taken. A token moves it by its share of the period. */
    private long fullAtNanos;

    /** A full bucket. */
    public TokenBucket(long periodNanos, long nowNanos) {
        this.periodNanos = periodNanos;
        fullAtNanos = nowNanos;
    }

    /**
     * Takes one token. Returns false, and takes none, if there was none at any time since {@code sinceNanos}.
     *
     * @param sinceNanos the earliest time at which the caller may have begun to wait for the server; not later than
     *     {@code nowNanos}
     * @param perPeriod tokens in a period, at least 1
     */
    public boolean take(long sinceNanos, long nowNanos, long perPeriod) {
        long before = fullAtNanos;
        spend(sinceNanos, 1, perPeriod);
        if (isOverdrawn(nowNanos)) {
            fullAtNanos = before;
            return false;
        }
        return true;
    }

    /**
     * Takes tokens whether they are there or not. Missing ones are owed, and come back first.
     *
     * @param tokens below 2^32
     * @param perPeriod tokens in a period, at least 1
     */
    public void spend(long nowNanos, long tokens, long perPeriod) {
        long from = isFull(nowNanos) ? nowNanos : fullAtNanos;
        fullAtNanos = from + tokens * periodNanos / perPeriod;
    }

    /** True while tokens are owed. */
    public boolean isOverdrawn(long nowNanos) {
        return fullAtNanos - nowNanos > periodNanos;
    }

    /** True while more tokens are owed than there are in a period. */
    public boolean owesMoreThanAPeriod(long nowNanos) {
        return fullAtNanos - nowNanos > 2 * periodNanos;
    }

    /** True if the bucket is the same as a new one. */
    boolean isFull(long nowNanos) {
        return fullAtNanos - nowNanos <= 0;
    }
}
