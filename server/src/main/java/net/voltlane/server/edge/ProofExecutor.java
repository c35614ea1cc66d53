package net.voltlane.server.edge;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.Turns;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads for elliptic-curve work: few, so that a flood of handshakes can't take the machine, and with a bounded
 * queue for each kind of work. While both have some, their turns alternate: however many strangers come, those who come
 * back to a session have every other turn, and the other way round. Within each kind addresses take turns: a flood from
 * some of them waits for itself, and one that comes from elsewhere is next once each of them had one turn. What finds
 * its queue full waits at its own loop, where the handshake timeout ends it. Thread-safe.
 */
public final class ProofExecutor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProofExecutor.class);

    enum Work {
        /** Is the key of a new client a valid one? */
        KEY,
        /** A challenge for one who comes back. */
        CHALLENGE
    }

    /** As many as there are handshakes by default, so that what waits waits where addresses take turns. */
    static final int QUEUED = 32_768;

    private final ExecutorService executor;
    /** The work of each kind that waits; as many times the executor is asked to run some. Guarded by this. */
    private final Turns<Runnable> keys = new Turns<>();

    private final Turns<Runnable> challenges = new Turns<>();
    private boolean keysHadTheLastTurn;

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
                new LinkedBlockingQueue<>(QUEUED * Work.values().length),
                new DefaultThreadFactory("voltlane-proof", true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** False where there is no room: try again later. */
    boolean offer(Work kind, Cidr from, Runnable computation) {
        Turns<Runnable> queue = kind == Work.KEY ? keys : challenges;
        synchronized (this) {
            if (queue.size() >= QUEUED) {
                return false;
            }
            queue.add(from, computation);
        }
        try {
            executor.execute(this::runNext);
            return true;
        } catch (RejectedExecutionException full) {
            synchronized (this) {
                return !queue.remove(from, computation);
            }
        }
    }

    private void runNext() {
        Runnable next = next();
        if (next == null) {
            return;
        }
        try {
            next.run();
        } catch (RejectedExecutionException ended) {
            log.debug("A result came after the end of its loop");
        } catch (RuntimeException | AssertionError ours) {
            log.error("Internal error, please report it: one handshake will time out", ours);
        }
    }

    private synchronized @Nullable Runnable next() {
        keysHadTheLastTurn = challenges.isEmpty() || !keysHadTheLastTurn && !keys.isEmpty();
        return keysHadTheLastTurn ? keys.poll() : challenges.poll();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
