package net.voltlane.bench.model;

import java.time.Duration;

/**
 * The length of a run.
 *
 * @param warmup not counted: JIT compilers and caches get going; up to an hour
 * @param duration what is measured; 100 ms to 24 h
 */
public record Timing(Duration warmup, Duration duration) {

    private static final Duration MIN = Duration.ofMillis(100);
    private static final Duration MAX_WARMUP = Duration.ofHours(1);
    private static final Duration MAX = Duration.ofHours(24);

    /** Checks the ranges. */
    public Timing {
        if (warmup.isNegative() || warmup.compareTo(MAX_WARMUP) > 0) {
            throw new InvalidPlanException("warmup", seconds(warmup), "seconds from 0 to 3600");
        }
        if (duration.compareTo(MIN) < 0 || duration.compareTo(MAX) > 0) {
            throw new InvalidPlanException("duration", seconds(duration), "seconds from 0.1 to 86400");
        }
    }

    /** Three seconds of warm-up, ten that count; idle clients need no warm-up. */
    public static Timing defaults(Scenario scenario) {
        return new Timing(Duration.ofSeconds(scenario == Scenario.IDLE ? 0 : 3), Duration.ofSeconds(10));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
