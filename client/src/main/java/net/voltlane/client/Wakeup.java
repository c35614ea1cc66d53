package net.voltlane.client;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The means by which other threads wake the supervisor's thread, whatever it waits for: they signal it between two
 * attempts, or close its newest link. Thread-safe.
 */
final class Wakeup {

    private final Time time;
    private final Consumer<Link> cut;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition requested = lock.newCondition();

    /** The newest link, connected or not. Guarded by the lock. */
    private Link link;
    /** True if a new link without a wait was asked for. Guarded by the lock. */
    private boolean now;

    /** @param cut closes a link */
    Wakeup(Time time, Link link, Consumer<Link> cut) {
        this.time = time;
        this.link = link;
        this.cut = cut;
    }

    /** Wakes the supervisor's thread. */
    void wake(boolean cutLink) {
        lock.lock();
        try {
            requested.signal();
            if (cutLink) {
                cut.accept(link);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Cuts the link, and leaves out the present or next pause. */
    void reconnect() {
        lock.lock();
        try {
            now = true;
            wake(true);
        } finally {
            lock.unlock();
        }
    }

    /** Leaves out the present or next pause. */
    void hurry() {
        lock.lock();
        try {
            now = true;
            requested.signal();
        } finally {
            lock.unlock();
        }
    }

    // ---- for the supervisor's thread

    void linkIs(Link newest) {
        lock.lock();
        try {
            link = newest;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, but not after {@link #reconnect}.
     *
     * @param ends asked at each {@link #wake}: tells whether the wait is over
     */
    void pause(long nanos, BooleanSupplier ends) {
        long startNanos = time.nowNanos();
        lock.lock();
        try {
            long leftNanos = nanos;
            while (leftNanos > 0 && !now && !ends.getAsBoolean()) {
                time.await(requested, leftNanos);
                leftNanos = nanos - (time.nowNanos() - startNanos);
            }
            now = false;
        } catch (InterruptedException e) {
            // The thread may come from a pool of the program's. An interrupt has no meaning here: the wait ends early.
        } finally {
            lock.unlock();
        }
    }
}
