package net.voltlane.backend;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A queue of handler calls that belong to no firehose's reader. They run one after the other on a thread of their own.
 * There are few: one for each orphan, and one for each time that a send buffer was full. Any thread may add a call.
 */
final class Events {
    private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    /** True if the last call has run. For the thread that runs the calls. */
    private boolean over;

    void add(Runnable call) {
        calls.add(call);
    }

    /** Ends the queue after the calls that were added before. */
    void close() {
        calls.add(() -> over = true);
    }

    /** Runs the calls until the queue is closed. */
    void run() {
        while (!over) {
            try {
                calls.take().run();
            } catch (InterruptedException e) {
                // A handler has left it behind: the backend itself interrupts no thread.
            }
        }
    }
}
