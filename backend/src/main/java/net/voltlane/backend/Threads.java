package net.voltlane.backend;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/** The backend's own threads, each with a name, and known as its own for as long as it runs. */
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

    /** Whether the calling thread is one of them, and so must not wait for them. */
    boolean areCalling() {
        return running.contains(Thread.currentThread());
    }
}
