package net.voltlane.client;

import java.util.concurrent.locks.Condition;

/**
 * The clock that the client's decisions use: how long a link has lived, and how long to wait before the next dial.
 * Tests use one that they move by hand. Timeouts of single socket operations always use real time.
 */
interface Time {

    /** The clock of this machine. */
    Time SYSTEM = new Time() {
        @Override
        public long nowNanos() {
            return System.nanoTime();
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // callers are the loop
        public void await(Condition condition, long nanos) throws InterruptedException {
            // Callers ask nowNanos() again, so they don't need the rest.
            long left = condition.awaitNanos(nanos);
            assert left <= nanos;
        }
    };

    /** Returns nanoseconds since an arbitrary point in time; only differences have a meaning. */
    long nowNanos();

    /**
     * Waits until the condition is signalled or the time is over. May also return earlier. The caller holds the
     * condition's lock.
     */
    void await(Condition condition, long nanos) throws InterruptedException;
}
