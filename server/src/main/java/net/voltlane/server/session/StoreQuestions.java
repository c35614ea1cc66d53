package net.voltlane.server.session;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The questions to the store whose answers sessions wait for, bounded in number. Belongs to the session loop. */
final class StoreQuestions {
    /** The most questions that wait for an answer. One more is answered as if the store were away. */
    static final int MOST = 1_024;

    private final Executor sessionLoop;
    private int open;
    private boolean isReleased;

    /** @param sessionLoop runs tasks on the session loop */
    StoreQuestions(Executor sessionLoop) {
        this.sessionLoop = sessionLoop;
    }

    /** True if no more clients may wait for an answer. */
    boolean areTooMany() {
        return open >= MOST;
    }

    /** @param then gets the answer on the session loop, or the failure in its place */
    <T extends @Nullable Object> void ask(
            CompletionStage<T> question, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        open++;
        question.whenComplete((answer, failure) -> onLoop(() -> {
            open--;
            if (!isReleased) {
                then.accept(answer, failure);
            }
        }));
    }

    /** The server has ended: answers that come yet are dropped. */
    void release() {
        isReleased = true;
    }

    private void onLoop(Runnable task) {
        try {
            sessionLoop.execute(task);
        } catch (RejectedExecutionException ended) {
            // the server has ended, and nobody waits for the answer
        }
    }
}
