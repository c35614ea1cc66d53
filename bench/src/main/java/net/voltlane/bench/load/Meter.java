package net.voltlane.bench.load;

import org.HdrHistogram.Histogram;

/** The latencies that one loop has measured since they were last taken. */
final class Meter {

    private static final long MIN_NANOS = 100;
    private static final long MAX_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private Histogram histogram = newHistogram();

    /** An empty one, nanoseconds up to an hour to three digits. */
    static Histogram newHistogram() {
        return new Histogram(MIN_NANOS, MAX_NANOS, DIGITS);
    }

    void record(long nanos) {
        histogram.recordValue(Math.min(Math.max(nanos, 0), MAX_NANOS));
    }

    /** Takes the latencies that were measured since the last call. */
    Histogram take() {
        Histogram taken = histogram;
        histogram = newHistogram();
        return taken;
    }
}
