package net.voltlane.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import net.voltlane.testkit.ManualClock;
import org.awaitility.Awaitility;

/** A clock that a test moves by hand, and on which waits end when the test has moved it far enough. */
final class HandTime implements Time {

    private final ManualClock clock = new ManualClock();
    private final AtomicLong waits = new AtomicLong();

    @Override
    public long nowNanos() {
        return clock.getAsLong();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // callers are the loop
    public void await(Condition condition, long nanos) throws InterruptedException {
        waits.incrementAndGet();
        long left = condition.awaitNanos(1_000_000); // looks at the clock again soon
        assert left <= 1_000_000;
    }

    void advance(Duration by) {
        clock.advance(by);
    }

    /**
     * Waits until a client's writer has looked at the clock and found nothing more to do. It must be one that waits for a
     * time on this clock, and the only one.
     */
    void settle() {
        long enough = waits.get() + 2; // the first may have looked before this call
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> waits.get() >= enough);
    }
}
