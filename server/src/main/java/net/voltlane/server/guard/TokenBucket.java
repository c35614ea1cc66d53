package net.voltlane.server.guard;

/**
 * So many tokens per period, of which one period's worth may be spent at once. Remembers one time, at which it will be
 * full; how many tokens it gives is said with each call, so that they may change. Not thread-safe.
 */
public final class TokenBucket {
    private final long periodNanos;
    /** In the past where it is full. Each token moves it by a token's share of the period. */
    private long fullAtNanos;

    /** One that is full. */
    public TokenBucket(long periodNanos, long nowNanos) {
        this.periodNanos = periodNanos;
        fullAtNanos = nowNanos;
    }

    /**
     * Takes one token, if it is there, or was at a time since then.
     *
     * @param sinceNanos not later than {@code nowNanos}: who asks may have waited for us since then
     * @param perPeriod how many there are in a period, at least 1
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
     * Takes tokens, there or not: what is missing has to come back first.
     *
     * @param tokens below 2^32
     * @param perPeriod how many there are in a period, at least 1
     */
    public void spend(long nowNanos, long tokens, long perPeriod) {
        long from = isFull(nowNanos) ? nowNanos : fullAtNanos;
        fullAtNanos = from + tokens * periodNanos / perPeriod;
    }

    /** More was taken than was there. */
    public boolean isOverdrawn(long nowNanos) {
        return fullAtNanos - nowNanos > periodNanos;
    }

    /** More was taken than was there, by more than there is in a whole period. */
    public boolean owesMoreThanAPeriod(long nowNanos) {
        return fullAtNanos - nowNanos > 2 * periodNanos;
    }

    /** Nothing was taken for so long that nobody could tell it from a new one. */
    boolean isFull(long nowNanos) {
        return fullAtNanos - nowNanos <= 0;
    }
}
