package net.voltlane.bench.model;

/**
 * The figures of about one second of a run. Latencies are in nanoseconds, 0 where nothing came.
 *
 * @param atSeconds its end, counted from the start of the warm-up
 * @param warmup true if it belongs to the warm-up, which does not count
 * @param phase what went on, such as {@code echo}
 * @param count what came
 * @param ratePerSecond what came a second
 * @param p50Nanos half of it was at least as fast
 * @param p99Nanos 99 % of it were at least as fast
 * @param maxNanos the slowest
 * @param faults all faults since the start
 */
public record Moment(
        double atSeconds,
        boolean warmup,
        String phase,
        long count,
        double ratePerSecond,
        long p50Nanos,
        long p99Nanos,
        long maxNanos,
        long faults) {}
