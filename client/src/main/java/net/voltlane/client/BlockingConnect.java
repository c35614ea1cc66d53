package net.voltlane.client;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The callbacks of a first attempt, for a program that waits in {@link ClientBuilder#connect()}. For the thread that
 * called it.
 */
final class BlockingConnect implements Reconnector.Callbacks {
    private final ReentrantLock lock = new ReentrantLock();
    private final Time time;

    BlockingConnect(Time time) {
        this.time = time;
    }

    @Override
    public void dialing(Link link) {
        // Only an interrupt can cancel this attempt, and an interrupt closes the socket by itself.
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
    public void sessionGone(ClientException why) {
        // The listener is told by connected(client, true).
    }
}
