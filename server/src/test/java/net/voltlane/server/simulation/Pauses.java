package net.voltlane.server.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import net.voltlane.testkit.ManualClock;

/**
 * The whole process stops, at any moment and for any time: no loop runs, while peers, networks and the clock go on. The
 * world's own account of that is what the server is judged by: time in which it could not have heard anybody must not
 * count against anybody.
 */
final class Pauses {
    /**
     * The time by which a pause may delay a deadline: the server can't know when after its last sweep the pause began.
     */
    private static final long LATE_NANOS = Duration.ofMillis(250).toNanos();
    /** More pauses than that, one upon the other, are taken for overload. */
    private static final int MOST_AT_ONCE = 4;

    private static final long RECOVERY_NANOS = Duration.ofSeconds(6).toNanos();

    /** Times of the world's clock. */
    private record Pause(long fromNanos, long toNanos, boolean countsHalf) {}

    private record Sample(long atNanos, long servedNanos) {}

    private final ManualClock clock;
    private final LongSupplier served;
    private final BooleanSupplier overloaded;
    private final long start;
    private final List<Pause> pauses = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();

    private int stepsLeft;
    private int longestMillis;
    private long begunNanos;
    private boolean countsHalf;

    /**
     * @param served the server's own account, for how long it may take at most
     * @param overloaded loops have been late so often that the next lateness counts half, as it may by the design
     */
    Pauses(ManualClock clock, LongSupplier served, BooleanSupplier overloaded) {
        this.clock = clock;
        this.served = served;
        this.overloaded = overloaded;
        start = clock.getAsLong();
        sample();
    }

    // ---- what happens

    boolean isAsleep() {
        return stepsLeft > 0;
    }

    /** The process is stopped now. */
    void begin(Dice dice) {
        long now = clock.getAsLong();
        long lately = pauses.stream()
                .filter(pause -> fairSince(pause.toNanos) < RECOVERY_NANOS)
                .count();
        if (!isAsleep() && lately < MOST_AT_ONCE) {
            stepsLeft = dice.between(1, 12);
            longestMillis = (int) dice.oneOf(20, 400, 3_000, 300_000);
            begunNanos = now;
            // Loops that have been late on their own account have no pardons left for it.
            countsHalf = overloaded.getAsBoolean();
        }
    }

    /** It still is, or goes on after this. */
    void lasts(Dice dice) {
        clock.advance(Duration.ofMillis(dice.between(1, longestMillis)));
        if (--stepsLeft == 0) {
            pauses.add(new Pause(begunNanos, clock.getAsLong(), countsHalf));
        }
    }

    /** It goes on now. */
    void end() {
        if (isAsleep()) {
            stepsLeft = 0;
            pauses.add(new Pause(begunNanos, clock.getAsLong(), countsHalf));
        }
    }

    // ---- what time it is

    /** Time has passed, or the server has done something. */
    void sample() {
        samples.add(new Sample(clock.getAsLong(), served.getAsLong()));
    }

    /** By the server's account, and not too much: for what it has to do in time. */
    long servedSince(long thenNanos) {
        int then = firstSample(sample -> sample.atNanos - thenNanos >= 0);
        return then == samples.size() ? 0 : served.getAsLong() - samples.get(then).servedNanos;
    }

    /** The time of the server's clock of deadlines. */
    long servedNow() {
        return served.getAsLong();
    }

    /** {@link #overdueFrom}, for what began at a time of the world's clock. */
    long overdue(long thenNanos, long afterNanos) {
        int then = firstSample(sample -> sample.atNanos - thenNanos >= 0);
        return then == samples.size() ? -1 : overdueFrom(samples.get(then).servedNanos, afterNanos);
    }

    /**
     * For how long the server has known that something is due, by its own account; negative while it is not. An
     * overloaded server counts half of a pause, and all of that half in one tick, behind which other loops may have swept
     * already. So what falls due by that is found at the next sweep, however much was counted.
     *
     * @param beganServedNanos {@link #servedNow} when it began
     */
    long overdueFrom(long beganServedNanos, long afterNanos) {
        long now = served.getAsLong();
        if (now - beganServedNanos < afterNanos) {
            return -1;
        }
        int due = firstSample(sample -> sample.servedNanos - beganServedNanos >= afterNanos);
        return due == samples.size() ? 0 : now - samples.get(due).servedNanos;
    }

    /** @param reached true from some sample on */
    private int firstSample(Predicate<Sample> reached) {
        int low = 0;
        int high = samples.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (reached.test(samples.get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** By the world's account, and not too little: for what the server must not do before. */
    long fairSince(long thenNanos) {
        return fairBetween(thenNanos, clock.getAsLong());
    }

    /** Measures like {@link #fairSince}, up to a time that has passed. */
    long fairBetween(long fromNanos, long toNanos) {
        long fair = toNanos - fromNanos;
        for (Pause pause : pauses) {
            fair -= missed(pause, fromNanos, toNanos);
        }
        return isAsleep()
                ? fair - missed(new Pause(begunNanos, clock.getAsLong(), countsHalf), fromNanos, toNanos)
                : fair;
    }

    private long missed(Pause pause, long fromNanos, long toNanos) {
        long from = Math.max(pause.fromNanos + LATE_NANOS - start, fromNanos - start);
        long to = Math.min(pause.toNanos - start, toNanos - start);
        long missed = Math.max(0, to - from);
        return pause.countsHalf ? missed / 2 : missed;
    }
}
