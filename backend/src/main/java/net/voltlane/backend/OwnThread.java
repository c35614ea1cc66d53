package net.voltlane.backend;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waiting on the backend's own threads. Nobody interrupts these but handlers that run on them, and what a handler
 * leaves behind must not shorten a wait that keeps things in order.
 */
final class OwnThread {

    private OwnThread() {}

    static void await(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // a handler's
            }
        }
    }

    /** Returns false when the time is over first. */
    static boolean await(CountDownLatch latch, long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (true) {
            try {
                return latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // a handler's
            }
        }
    }
}
