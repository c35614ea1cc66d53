package net.voltlane.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counts of one thread. Only that thread adds; any thread may read. A plain add and an opaque store: no lock, no
 * fence, nothing shared between the writers.
 */
public final class Counters {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[Metric.values().length];

    Counters() {}

    /** Adds one; owning thread only. */
    public void count(Metric metric) {
        add(metric, 1);
    }

    /** Adds {@code n}; owning thread only. */
    public void add(Metric metric, long n) {
        int i = metric.ordinal();
        CELLS.setOpaque(cells, i, cells[i] + n);
    }

    long get(Metric metric) {
        return (long) CELLS.getOpaque(cells, metric.ordinal());
    }
}
