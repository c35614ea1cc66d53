package net.voltlane.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counts and times of one thread. Only that thread adds; any thread may read. A plain add and an opaque store: no
 * lock, no fence, nothing shared between the writers.
 */
public final class Counters {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    /** The index of the first bucket of each histogram; its sum lies in front of it. */
    private static final int[] FIRST_BUCKETS = new int[Timing.values().length];

    private static final int TIMING_CELLS;

    static {
        int next = 0;
        for (Timing timing : Timing.values()) {
            FIRST_BUCKETS[timing.ordinal()] = next + 1;
            next += 1 + timing.buckets();
        }
        TIMING_CELLS = next;
    }

    private final long[] cells = new long[Metric.values().length];
    private final long[] timings = new long[TIMING_CELLS];

    Counters() {}

    /** Adds one; owning thread only. */
    public void count(Metric metric) {
        add(metric, 1);
    }

    /** Adds {@code n}; owning thread only. */
    public void add(Metric metric, long n) {
        add(cells, metric.ordinal(), n);
    }

    /** Records that something took this time; owning thread only. */
    public void record(Timing timing, long nanos) {
        int first = FIRST_BUCKETS[timing.ordinal()];
        add(timings, first - 1, nanos);
        add(timings, first + timing.bucketOf(nanos), 1);
    }

    private static void add(long[] cells, int i, long n) {
        CELLS.setOpaque(cells, i, cells[i] + n);
    }

    long get(Metric metric) {
        return (long) CELLS.getOpaque(cells, metric.ordinal());
    }

    /** The sum of all recorded times, in nanoseconds. */
    long sumNanos(Timing timing) {
        return (long) CELLS.getOpaque(timings, FIRST_BUCKETS[timing.ordinal()] - 1);
    }

    /** The number of times recorded in a bucket, without those of the buckets below. */
    long bucket(Timing timing, int bucket) {
        return (long) CELLS.getOpaque(timings, FIRST_BUCKETS[timing.ordinal()] + bucket);
    }
}
