package net.voltlane.server.edge;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.FairQueue;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.PublishedValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads for elliptic-curve computations. They are few, so that a flood of handshakes can't use up the machine.
 * There is a bounded queue for each kind of work, and the two kinds alternate while both wait: returning clients have
 * every other turn, however many new clients come, and the other way round. Within a kind addresses take turns: a flood
 * from some addresses waits for itself, and a client from elsewhere is next once each of them has had one turn. A
 * computation that finds its queue full waits in the {@link ProofQueue} of its loop, until the handshake timeout ends
 * it. Work that is done ahead of time has the threads only while nothing else waits; what finds that queue full is not
 * done. Thread-safe.
 */
public final class ProofExecutor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProofExecutor.class);

    enum Work {
        /** Validates the key of a new client. */
        KEY,
        /** Computes a challenge, or the key of a session, for a returning client. */
        CHALLENGE,
        /** Computes the key of a session whose client may return later. */
        AHEAD
    }

    /**
     * The size of each queue: the default limit on handshakes, so that by default all computations wait here, where
     * addresses of all loops take turns.
     */
    public static final int QUEUED = 32_768;

    /** The size of the queue of work ahead of time: under a second of it. */
    static final int QUEUED_AHEAD = 4_096;

    private final ExecutorService executor;
    // The lock of this object guards the queues. The executor has one task to run the next computation for each of
    // them.
    private final FairQueue<Runnable> keys = new FairQueue<>();

    private final FairQueue<Runnable> challenges = new FairQueue<>();
    private final FairQueue<Runnable> ahead = new FairQueue<>();
    private boolean keysHadTheLastTurn;
    private final PublishedValue waitingKeys = new PublishedValue();
    private final PublishedValue waitingChallenges = new PublishedValue();

    /** @param threads the number of computations that may run at once, at least 1 */
    public ProofExecutor(int threads) {
        this(pool(threads));
    }

    /** @param executor an executor that rejects tasks that it has no room for */
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

    /** Queues a computation. Returns false if there is no room: try again later. */
    boolean offer(Work kind, Cidr from, Runnable computation) {
        FairQueue<Runnable> queue = queue(kind);
        synchronized (this) {
            if (queue.size() >= (kind == Work.AHEAD ? QUEUED_AHEAD : QUEUED)) {
                return false;
            }
            queue.add(from, computation);
            publish();
        }
        try {
            executor.execute(this::runNext);
            return true;
        } catch (RejectedExecutionException full) {
            synchronized (this) {
                boolean removed = queue.remove(from, computation);
                publish();
                return !removed;
            }
        }
    }

    private FairQueue<Runnable> queue(Work kind) {
        return switch (kind) {
            case KEY -> keys;
            case CHALLENGE -> challenges;
            case AHEAD -> ahead;
        };
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
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: one handshake will time out");
        }
    }

    private synchronized @Nullable Runnable next() {
        if (keys.isEmpty() && challenges.isEmpty()) {
            return ahead.poll();
        }
        keysHadTheLastTurn = challenges.isEmpty() || !keysHadTheLastTurn && !keys.isEmpty();
        Runnable next = keysHadTheLastTurn ? keys.poll() : challenges.poll();
        publish();
        return next;
    }

    private void publish() {
        waitingKeys.publish(keys.size());
        waitingChallenges.publish(challenges.size());
    }

    /** The keys of new clients that wait for a thread. Any thread, without the lock. */
    public long waitingKeys() {
        return waitingKeys.getAsLong();
    }

    /** The challenges for returning clients that wait for a thread. Any thread, without the lock. */
    public long waitingChallenges() {
        return waitingChallenges.getAsLong();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
