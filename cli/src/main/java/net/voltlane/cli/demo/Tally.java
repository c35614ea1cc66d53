package net.voltlane.cli.demo;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The counts of a demo so far. */
final class Tally {

    long connected;
    long sent;
    long echoed;
    long lost;
    long mixedUp;
    long cutOff;
    long resumed;
    long newsSent;
    long newsReceived;
    long newsMissedAndCaughtUp;
    private long failures;
    private @Nullable String firstFailure;
    private long[] latenciesNanos = new long[1024];
    private int latencies;

    /** A client could not go on. The first reason is kept, as the others mostly follow from it. */
    void failed(String reason) {
        failures++;
        firstFailure = firstFailure == null ? reason : firstFailure;
    }

    long failures() {
        return failures;
    }

    @Nullable
    String firstFailure() {
        return firstFailure;
    }

    void latency(long nanos) {
        if (latencies == latenciesNanos.length) {
            latenciesNanos = Arrays.copyOf(latenciesNanos, 2 * latencies);
        }
        latenciesNanos[latencies++] = nanos;
    }

    /** The latency, in nanoseconds, that this share of all messages did not exceed; 0 where there were none. */
    long latencyNanos(double share) {
        long[] sorted = Arrays.copyOf(latenciesNanos, latencies);
        Arrays.sort(sorted);
        return latencies == 0 ? 0 : sorted[(int) Math.ceil(share * latencies) - 1];
    }

    /** True if everything happened as planned, and nothing else. */
    boolean isPerfect(int clients) {
        return connected == clients
                && sent > 0
                && echoed == sent
                && newsReceived == newsSent
                && resumed == cutOff
                && lost == 0
                && mixedUp == 0
                && failures == 0;
    }
}
