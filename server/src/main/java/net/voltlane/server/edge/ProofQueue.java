package net.voltlane.server.edge;

import io.netty.channel.EventLoop;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.FairQueue;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A loop's queue in front of the {@link ProofExecutor} for one kind of work. Results come back on the loop.
 * Computations that the executor has no room for wait here, where addresses take turns; each handshake has at most one.
 * A computation is dropped when its turn comes if its handshake has ended by then. Belongs to its loop.
 *
 * <pre>
 *   ──compute──► OFFERED to the executor ──its turn──► COMPUTED ──► result on the loop
 *       │            ▲          └──its handshake has ended──► DROPPED
 *       └──no room──► WAITING ──retry, in turn──┘
 * </pre>
 */
final class ProofQueue {
    private final EventLoop loop;
    private final ProofExecutor executor;
    private final ProofExecutor.Work kind;
    private final Counters counters;
    private final Runnable onRoom;
    private final FairQueue<Waiting> waiting = new FairQueue<>();
    /** The next computation to offer; null if none waits. */
    private @Nullable Waiting next;

    private record Waiting(Cidr from, Runnable task) {}

    /** @param onRoom called when a computation is done: those that wait, of any kind, may {@link #retry} */
    ProofQueue(EventLoop loop, ProofExecutor executor, ProofExecutor.Work kind, Counters counters, Runnable onRoom) {
        this.loop = loop;
        this.executor = executor;
        this.kind = kind;
        this.counters = counters;
        this.onRoom = onRoom;
    }

    /**
     * Computes on the executor, and gives the result to {@code then} on the loop.
     *
     * @param from the client's address: addresses take turns
     * @param wanted asked before computing, on any thread: false once the result is no longer needed
     */
    <T> void compute(Cidr from, BooleanSupplier wanted, Supplier<T> computation, Consumer<T> then) {
        assert loop.inEventLoop() : "belongs to its client loop";
        Runnable task = () -> {
            if (wanted.getAsBoolean()) {
                T result = computation.get();
                loop.execute(() -> {
                    then.accept(result);
                    onRoom.run();
                });
            } else {
                loop.execute(onRoom);
            }
        };
        if (next != null || !executor.offer(kind, from, task)) {
            counters.count(Metric.PROOFS_DEFERRED);
            waiting.add(from, new Waiting(from, task));
            if (next == null) {
                next = waiting.poll();
            }
        }
    }

    /** Offers waiting computations again; also called now and then, in case other loops hold all places. */
    void retry() {
        assert loop.inEventLoop() : "belongs to its client loop";
        while (next != null && executor.offer(kind, next.from(), next.task())) {
            next = waiting.poll();
        }
    }
}
