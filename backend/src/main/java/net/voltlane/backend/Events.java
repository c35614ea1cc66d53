package net.voltlane.backend;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Handler calls that belong to no firehose's reader, one after the other on a thread of their own. There are few:
 * orphans, and one for each time that a send buffer has filled.
 */
final class Events {
    private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    /** Written by its own last call alone. */
    private boolean over;

    void add(Runnable call) {
        calls.add(call);
    }

    /** What was added before is still done. */
    void close() {
        calls.add(() -> over = true);
    }

    /** For the thread. */
    void run() {
        while (!over) {
            try {
                calls.take().run();
            } catch (InterruptedException e) {
                // Left behind by a handler: nobody of ours interrupts.
            }
        }
    }
}
