package net.voltlane.bench.load;

import net.voltlane.bench.model.FaultCounts;
import org.HdrHistogram.Histogram;

/**
 * The measurements of loops since they were last taken.
 *
 * @param histogram what came, by latency in nanoseconds
 * @param faults since the start
 * @param cpuNanos of the loops' threads, since the start
 */
public record Slice(Histogram histogram, FaultCounts faults, long cpuNanos) {

    /** An empty one, for nanoseconds. */
    public static Histogram newHistogram() {
        return Meter.newHistogram();
    }

    /** Nothing yet. */
    static Slice empty() {
        return new Slice(Meter.newHistogram(), FaultCounts.NONE, 0);
    }

    /** Both. */
    Slice plus(Slice more) {
        Histogram sum = histogram.copy();
        sum.add(more.histogram);
        return new Slice(sum, faults.plus(more.faults), cpuNanos + more.cpuNanos);
    }
}
