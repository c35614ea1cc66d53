package net.voltlane.store.file;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * A question to the store, and its answer. The worker does it and, once the file is written, answers; whoever fails it first
 * takes that from the worker.
 *
 * @param <T> what the answer holds
 */
final class Call<T extends @Nullable Object> {
    private final Work<T> work;
    private final Consumer<T> first;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final long weightBytes;
    private final long sinceNanos;
    private @Nullable Runnable whenWritten;

    /**
     * @param first hears the answer before anybody else
     * @param weightBytes about what the question takes in memory
     * @param sinceNanos when it was asked
     */
    Call(Work<T> work, Consumer<T> first, long weightBytes, long sinceNanos) {
        this.work = work;
        this.first = first;
        this.weightBytes = weightBytes;
        this.sinceNanos = sinceNanos;
    }

    CompletableFuture<T> answer() {
        return answer;
    }

    long weightBytes() {
        return weightBytes;
    }

    boolean isOlderThan(long nanos, long nowNanos) {
        return nowNanos - sinceNanos >= nanos;
    }

    /** True if there is nothing to do any more. */
    boolean isAnswered() {
        return answer.isDone();
    }

    /** Does the work. The answer is given later. */
    void work(Records records, long nowMillis) {
        T result = work.on(records, nowMillis);
        whenWritten = () -> {
            try {
                first.accept(result);
            } finally {
                answer.complete(result);
            }
        };
    }

    /** Gives the answer of {@link #work}. */
    void written() {
        if (whenWritten != null) {
            whenWritten.run();
        }
    }

    void fail(StoreException why) {
        answer.completeExceptionally(why);
    }

    /** The work of a question. */
    interface Work<T extends @Nullable Object> {
        T on(Records records, long nowMillis);
    }
}
