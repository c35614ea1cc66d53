package net.voltlane.server.edge;

import io.netty.channel.EventLoop;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.Turns;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * One loop's way to the {@link ProofExecutor} for one kind of work: results come back to the loop, and what the
 * executor has no room for waits here, where addresses take turns: at most one computation for each handshake.
 * Handshakes that have died meanwhile cost nothing. Belongs to the loop.
 */
final class ProofQueue {
    private final EventLoop loop;
    private final ProofExecutor executor;
    private final ProofExecutor.Work kind;
    private final Counters counters;
    private final Runnable onPlace;
    private final Turns<Waiting> waiting = new Turns<>();
    /** Whose turn it is among them. */
    private @Nullable Waiting next;

    private record Waiting(Cidr from, Runnable task) {}

    /** @param onPlace called when a computation has given its place back: who waits, of any kind, may {@link #retry} */
    ProofQueue(EventLoop loop, ProofExecutor executor, ProofExecutor.Work kind, Counters counters, Runnable onPlace) {
        this.loop = loop;
        this.executor = executor;
        this.kind = kind;
        this.counters = counters;
        this.onPlace = onPlace;
    }

    /**
     * Computes on the executor, then gives the result to {@code then} on the loop.
     *
     * @param from for whom: addresses take turns
     * @param wanted asked before computing, on any thread: false when nobody waits for the result any more
     */
    <T> void compute(Cidr from, BooleanSupplier wanted, Supplier<T> computation, Consumer<T> then) {
        Runnable task = () -> {
            if (wanted.getAsBoolean()) {
                T result = computation.get();
                loop.execute(() -> {
                    then.accept(result);
                    onPlace.run();
                });
            } else {
                loop.execute(onPlace);
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

    /** Offers what waits once more; also called now and then, for the case that other loops hold all places. */
    void retry() {
        while (next != null && executor.offer(kind, next.from(), next.task())) {
            next = waiting.poll();
        }
    }
}
