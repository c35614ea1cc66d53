package net.voltlane.server.metrics;

/** The figures of one server, to be read. Thread-safe; no method waits for an event loop. */
public interface Figures {
    /** The sum over all threads; each part is as fresh as its thread's last store. */
    long sum(Metric metric);

    /** True if this server has the gauge; only then it can be read. One for a part that is off may be missing. */
    boolean has(Gauge gauge);

    /** The present value of a gauge, at most a tenth of a second old, in nanoseconds if its unit is seconds. */
    long read(Gauge gauge);

    /** The sum of the times that a histogram has recorded, in nanoseconds. */
    long sumNanos(Timing timing);

    /** The number of times in each bucket of a histogram, without those of the buckets below. */
    long[] buckets(Timing timing);

    /** The present value for each event loop, by its number, in nanoseconds. */
    long[] read(LoopFigure figure);
}
