package net.voltlane.client;

import java.util.concurrent.locks.ReentrantLock;

/** A program that waits in {@link ClientBuilder#connect()}. */
final class WaitingProgram implements Reconnector.Host {
    private final ReentrantLock lock = new ReentrantLock();
    private final Time time;

    WaitingProgram(Time time) {
        this.time = time;
    }

    @Override
    public void dialing(Link link) {
        // Nobody but an interrupt can want it closed.
    }

    @Override
    public void pause(long nanos) throws InterruptedException {
        long startNanos = time.nowNanos();
        lock.lock();
        try {
            long leftNanos = nanos;
            while (leftNanos > 0) {
                time.await(lock.newCondition(), leftNanos);
                leftNanos = nanos - (time.nowNanos() - startNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sessionGone() {
        // connected(client, true) tells.
    }
}
