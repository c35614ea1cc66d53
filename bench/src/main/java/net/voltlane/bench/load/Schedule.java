package net.voltlane.bench.load;

/**
 * The times at which messages are due in the open loop: message {@code k} at {@code k / rate} seconds after the start,
 * whatever became of those before it. Latency counts from that moment. If it counted from the moment of sending, a
 * server that delays all clients would delay the measurement too, and look fast (coordinated omission).
 *
 * @param startNanos of {@link System#nanoTime()}
 * @param ratePerSecond 1 or more
 */
public record Schedule(long startNanos, long ratePerSecond) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * The time at which message {@code number}, counted from 0, is due. Computed in whole numbers, so that it stays
     * exact for days.
     */
    public long dueNanos(long number) {
        long seconds = number / ratePerSecond;
        long rest = number % ratePerSecond;
        return startNanos + seconds * NANOS_PER_SECOND + rest * NANOS_PER_SECOND / ratePerSecond;
    }

    /** Number of messages that are due at {@code nowNanos}, which is the number of the first one that is not. */
    public long dueBy(long nowNanos) {
        long passed = nowNanos - startNanos;
        if (passed < 0) {
            return 0;
        }
        long seconds = passed / NANOS_PER_SECOND;
        long rest = passed % NANOS_PER_SECOND;
        long whole = seconds * ratePerSecond;
        // The last one at or before now; then one more makes it a count. Rounding in dueNanos may make it off by one.
        long candidate = whole + rest * ratePerSecond / NANOS_PER_SECOND + 1;
        return dueNanos(candidate) <= nowNanos ? candidate + 1 : candidate;
    }
}
