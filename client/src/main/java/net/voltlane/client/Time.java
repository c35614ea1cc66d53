package net.voltlane.client;

import java.util.concurrent.locks.Condition;

/**
 * What the client's decisions take for time: how long a link has lived, how long to wait before the next dial. Tests
 * bring one that they move by hand. The bounds of single socket operations are real time always.
 */
interface Time {

    /** The time of this machine. */
    Time SYSTEM = new Time() {
        @Override
        public long nowNanos() {
            return System.nanoTime();
        }

        @Override
        public void await(Condition condition, long nanos) throws InterruptedException {
            // What is left over is of no use: callers ask nowNanos() again.
            long left = condition.awaitNanos(nanos);
            assert left <= nanos;
        }
    };

    /** Nanoseconds since some point; only differences mean anything. */
    long nowNanos();

    /**
     * Waits until the condition is signalled or the time is over, or for no reason; its lock is held before and after.
     */
    void await(Condition condition, long nanos) throws InterruptedException;
}
