package net.voltlane.server.edge;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads for elliptic-curve work: few, so that a flood of handshakes can't take the machine, and with a bounded
 * queue. What finds the queue full waits at its own loop, where the handshake timeout ends it. Thread-safe.
 */
public final class ProofExecutor implements AutoCloseable {
    private static final int QUEUED = 1024;

    private final ExecutorService executor;

    /** @param threads how many computations may run at once, at least 1 */
    public ProofExecutor(int threads) {
        this(pool(threads));
    }

    /** @param executor one that rejects what it has no room for */
    ProofExecutor(ExecutorService executor) {
        this.executor = executor;
    }

    private static ThreadPoolExecutor pool(int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUED),
                new DefaultThreadFactory("voltlane-proof", true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** False where there is no room: try again later. */
    boolean offer(Runnable computation) {
        try {
            executor.execute(computation);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
