package net.voltlane.server;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of questions and orders from other threads to the session loop, which may have ended. Thread-safe. */
final class SessionLoopQuestions {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);

    private final EventLoop sessionLoop;

    SessionLoopQuestions(EventLoop sessionLoop) {
        this.sessionLoop = sessionLoop;
    }

    /** Runs a task on the session loop, or not at all if that has ended. */
    void tell(Runnable task) {
        try {
            sessionLoop.execute(task);
        } catch (RejectedExecutionException ended) {
            log.debug("Stopped already");
        }
    }

    /**
     * Asks on the session loop.
     *
     * @param question completes the answer, which fails if the loop has ended
     */
    <T> CompletionStage<T> ask(Consumer<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            sessionLoop.execute(() -> question.accept(answer));
        } catch (RejectedExecutionException ended) {
            answer.completeExceptionally(new IllegalStateException("the server has ended", ended));
        }
        return answer.minimalCompletionStage();
    }

    /** Runs a task once the session loop has looked at its sockets. Tasks that are only executed run before it does. */
    void inTheNextRound(Runnable task) {
        sessionLoop.schedule(task, 0, TimeUnit.NANOSECONDS);
    }
}
