package net.voltlane.client;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The default threads of a client: platform daemon threads, with the client's ordinal in their names. Thread-safe. */
final class ClientThreads implements ThreadFactory {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "voltlane-client-" + COUNT.incrementAndGet();

    @Override
    public Thread newThread(Runnable body) {
        Thread thread = new Thread(body, name + (body instanceof Writer ? "-writer" : "-reader"));
        thread.setDaemon(true);
        return thread;
    }
}
