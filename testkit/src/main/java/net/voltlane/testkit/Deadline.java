package net.voltlane.testkit;

import java.time.Duration;

/** A point in time by which something has to happen. Immutable. */
final class Deadline {
    private final long startNanos = System.nanoTime();
    private final Duration limit;

    private Deadline(Duration limit) {
        this.limit = limit;
    }

    static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    /** Returns the time that is left, rounded up to a whole millisecond; 0 or less when the time is over. */
    long remainingMillis() {
        long leftNanos = limit.toNanos() - (System.nanoTime() - startNanos);
        return leftNanos <= 0 ? 0 : leftNanos / 1_000_000 + 1;
    }

    boolean isOver() {
        return remainingMillis() <= 0;
    }

    /** The limit as text for failure messages. */
    @Override
    public String toString() {
        return limit.toMillis() + " ms";
    }
}
