package net.voltlane.backend;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits that ignore interrupts, for the backend's own threads. Only handlers that run on these threads interrupt them,
 * and such an interrupt must not end a wait that keeps events in order.
 */
final class Uninterruptibly {

    private Uninterruptibly() {}

    static void await(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // set by a handler
            }
        }
    }

    /** Returns false if the time is over first. */
    static boolean await(CountDownLatch latch, long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (true) {
            try {
                return latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // set by a handler
            }
        }
    }
}
