package net.voltlane.jmh;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that benchmarks run on, of the kind that event loops run on: on any other Netty pools nothing. JMH makes
 * it, by {@code jmh.executor.class}.
 */
public final class LoopThreads extends ThreadPoolExecutor {
    public LoopThreads(int threads, String name) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name, true));
    }
}
