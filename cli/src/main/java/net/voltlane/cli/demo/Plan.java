package net.voltlane.cli.demo;

import java.util.SplittableRandom;

/**
 * The times at which one client acts, in nanoseconds from the start of the demo.
 *
 * @param connectNanos it connects
 * @param cutNanos it is cut off, once its echoes are in; {@link Long#MAX_VALUE}: never
 * @param awayNanos for how long it stays away
 * @param pauseNanos between two of its messages
 * @param endNanos it falls silent, as all do
 */
record Plan(long connectNanos, long cutNanos, long awayNanos, long pauseNanos, long endNanos) {

    private static final long SECOND = 1_000_000_000L;
    private static final long MIN_PAUSE_NANOS = SECOND / 10;
    private static final int MESSAGES_PER_SECOND = 3000;

    /** Every third client is cut off. */
    private static final int CUT_EVERY = 3;

    /**
     * The plan of client {@code number} of {@code clients}: a second of arrivals, cuts from then to past the middle.
     */
    static Plan of(int number, int clients, int seconds, SplittableRandom random) {
        long end = seconds * SECOND;
        long ramp = Math.min(SECOND, end / 5);
        boolean cut = number % CUT_EVERY == 0;
        return new Plan(
                ramp * number / clients,
                cut ? random.nextLong(ramp + end / 20, end * 6 / 10) : Long.MAX_VALUE,
                random.nextLong(end / 20, end / 6),
                Math.max(MIN_PAUSE_NANOS, clients * SECOND / MESSAGES_PER_SECOND),
                end);
    }
}
