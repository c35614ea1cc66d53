package net.voltlane.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import net.voltlane.testkit.ManualClock;

/** Time that a test moves by hand. A wait takes no time at all, but moves the clock; while held, it does neither. */
final class FakeTime implements Time {

    private final ManualClock clock = new ManualClock();
    private final List<Duration> waits = new ArrayList<>();
    private volatile boolean held;

    @Override
    public long nowNanos() {
        return clock.getAsLong();
    }

    @Override
    public void await(Condition condition, long nanos) throws InterruptedException {
        if (held) {
            long left = condition.awaitNanos(1_000_000);
            assert left <= 1_000_000; // the caller asks again
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

    /** From now on waits go on until {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
    }

    /** The waits so far that were not held. */
    List<Duration> waits() {
        synchronized (waits) {
            return List.copyOf(waits);
        }
    }
}
