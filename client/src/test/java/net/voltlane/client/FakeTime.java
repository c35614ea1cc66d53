package net.voltlane.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import net.voltlane.testkit.ManualClock;

/**
 * A clock that a test moves by hand. A wait returns at once and moves the clock. While held, waits wait and the clock
 * stands still.
 */
final class FakeTime implements Time {

    private final ManualClock clock = new ManualClock();
    private final List<Duration> waits = new ArrayList<>();
    private volatile boolean held;

    @Override
    public long nowNanos() {
        return clock.getAsLong();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // callers are the loop
    public void await(Condition condition, long nanos) throws InterruptedException {
        if (held) {
            long left = condition.awaitNanos(1_000_000);
            assert left <= 1_000_000; // the caller waits again
            return;
        }
        synchronized (waits) {
            waits.add(Duration.ofNanos(nanos));
        }
        clock.advance(Duration.ofNanos(nanos));
    }

    void advance(Duration by) {
        clock.advance(by);
    }

    /** Makes waits last until {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
    }

    /** Returns the waits so far that were not held. */
    List<Duration> waits() {
        synchronized (waits) {
            return List.copyOf(waits);
        }
    }
}
