package net.voltlane.server.fleet;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tasks for a thread that may be busy while others bring more than it can do: an attacker who makes the server give bans, or
 * a peer that floods a channel of the store. Thread-safe.
 */
final class BoundedTasks {
    private final Executor thread;
    private final int most;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();

    /** @param most the number of offered tasks that may wait */
    BoundedTasks(Executor thread, int most) {
        this.thread = thread;
        this.most = most;
    }

    /** Hands over a task that is dropped, and counted, if too many wait. */
    void offer(Runnable task) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        run(() -> {
            waiting.decrementAndGet();
            task.run();
        });
    }

    /** Hands over a task that is bounded otherwise, such as the answer to a question. */
    void run(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException ended) {
            // The server has ended, and its bans stand in the store.
        }
    }

    /** Returns the number of tasks that were dropped since the last call. */
    long takeDropped() {
        return dropped.getAndSet(0);
    }
}
