package net.voltlane.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A ticker in nanoseconds that stands still until a test moves it. It starts a little before the point where
 * {@code long} wraps, as {@link System#nanoTime()} may: code that compares two readings with {@code <} instead of by
 * their difference is found out in the first minute.
 *
 * <p>Any thread may read and move it.
 */
public final class ManualClock implements LongSupplier {
    private static final Duration BEFORE_THE_WRAP = Duration.ofSeconds(1);

    private final AtomicLong nowNanos;

    /** A clock whose reading wraps to negative numbers after one second. */
    public ManualClock() {
        this(Long.MAX_VALUE - BEFORE_THE_WRAP.toNanos());
    }

    /** A clock that shows {@code startNanos}. */
    public ManualClock(long startNanos) {
        nowNanos = new AtomicLong(startNanos);
    }

    /** The present reading in nanoseconds; only differences between readings mean anything. */
    @Override
    public long getAsLong() {
        return nowNanos.get();
    }

    /**
     * Moves the clock forward.
     *
     * @throws IllegalArgumentException if {@code by} is negative: time does not run backwards
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards: " + by);
        }
        nowNanos.addAndGet(by.toNanos());
    }
}
