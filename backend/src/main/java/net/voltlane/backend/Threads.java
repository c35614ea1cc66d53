package net.voltlane.backend;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/** The backend's own threads. Each has a name and is registered while it runs. Thread-safe. */
final class Threads {
    private final ThreadFactory factory;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    Threads(ThreadFactory factory) {
        this.factory = factory;
    }

    void start(String name, Runnable task) {
        Thread thread = factory.newThread(() -> {
            running.add(Thread.currentThread());
            try {
                task.run();
            } finally {
                running.remove(Thread.currentThread());
            }
        });
        thread.setName(name);
        thread.start();
    }

    /** Tells whether the calling thread is one of them, which must not wait for the others. */
    boolean includeCaller() {
        return running.contains(Thread.currentThread());
    }
}
