package net.voltlane.client;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import net.voltlane.testkit.ManualClock;

/** A clock that a test moves by hand, and on which waits end when the test has moved it far enough. */
final class HandTime implements Time {

    private final ManualClock clock = new ManualClock();

    @Override
    public long nowNanos() {
        return clock.getAsLong();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // callers are the loop
    public void await(Condition condition, long nanos) throws InterruptedException {
        long left = condition.awaitNanos(1_000_000); // looks at the clock again soon
        assert left <= 1_000_000;
    }

    void advance(Duration by) {
        clock.advance(by);
    }
}
