package net.voltlane.store.redis;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.voltlane.server.store.StoreException;
import net.voltlane.store.redis.Question.RedisSaid;
import org.jspecify.annotations.Nullable;

/**
 * Sends questions and counts what is under way, and the time that each takes. {@link #ask} may be called on any thread and
 * only enqueues; everything else runs on the store's thread, so that calls are sent in the order in which a thread makes
 * them.
 */
final class Asker {
    private final EventLoop loop;
    private final long timeoutMillis;
    private final Troubles troubles;
    private final Watcher watcher;

    private volatile Budget budget = new Budget();
    private volatile boolean isOpen;
    private volatile boolean isClosed;

    private @Nullable Link link;
    private final Set<Batch> open = new LinkedHashSet<>();
    private long answers;
    private @Nullable Runnable whenIdle;

    Asker(EventLoop loop, long timeoutMillis, Troubles troubles, Watcher watcher) {
        this.loop = loop;
        this.timeoutMillis = timeoutMillis;
        this.troubles = troubles;
        this.watcher = watcher;
    }

    /** Hears what happens to questions. Called on the store's thread. */
    interface Watcher {
        /** A question has failed. */
        void failed(Question question, Throwable why);

        /** A question was not answered in time. {@code silent}: nor was anything else, since it was asked. */
        void late(Question question, boolean silent);

        /** A question was answered after its time. */
        void woke();
    }

    /** Asks questions, if Redis is up. Any thread. */
    <T extends @Nullable Object> CompletionStage<T> ask(
            List<Question> questions, Function<List<Question>, T> toAnswer) {
        Batch batch = Batch.of(questions, this, budget, toAnswer);
        if (!batch.budget.take(questions.size(), batch.bytes)) {
            return failed(batch, "Too many questions to Redis wait for an answer (up to " + Budget.MAX_QUESTIONS + ")");
        }
        try {
            loop.execute(() -> send(batch, false));
        } catch (RejectedExecutionException closed) {
            batch.budget.give(questions.size(), batch.bytes);
            batch.fail(new StoreException("The store is closed"));
        }
        return batch.answer();
    }

    /** Asks one question, if Redis is up. Any thread. */
    <T extends @Nullable Object> CompletionStage<T> ask(Question question, Function<Question, T> toAnswer) {
        return ask(List.of(question), all -> toAnswer.apply(all.get(0)));
    }

    /** Asks a question whether Redis is up or not, if there is a link. */
    <T extends @Nullable Object> CompletionStage<T> askAnyway(Question question, Function<Question, T> toAnswer) {
        Batch batch = Batch.of(List.of(question), this, budget, all -> toAnswer.apply(all.get(0)));
        batch.budget.take(1, batch.bytes);
        send(batch, true);
        return batch.answer();
    }

    private <T extends @Nullable Object> CompletionStage<T> failed(Batch batch, String why) {
        StoreException failure = new StoreException(why);
        try {
            loop.execute(() -> batch.fail(failure));
        } catch (RejectedExecutionException closed) {
            batch.fail(failure);
        }
        return batch.answer();
    }

    /** Uses a link from now on; null for none. */
    void use(@Nullable Link next) {
        link = next;
        budget = new Budget();
    }

    /** Says whether questions are sent. Until then they fail at once. */
    void open(boolean next) {
        isOpen = next;
    }

    /** True if questions are sent. Any thread. */
    boolean isOpen() {
        return isOpen && !isClosed;
    }

    /** Takes no more questions. Runs {@code idle} once none is under way. */
    void close(Runnable idle) {
        isClosed = true;
        if (open.isEmpty()) {
            idle.run();
        } else {
            whenIdle = idle;
        }
    }

    /** Fails all that is under way. */
    void failAll(StoreException why) {
        for (Batch batch : new ArrayList<>(open)) {
            batch.fail(why);
        }
    }

    private void send(Batch batch, boolean anyway) {
        Link to = link;
        if (to == null || !(anyway || isOpen) || isClosed) {
            batch.budget.give(batch.questions().size(), batch.bytes);
            batch.fail(new StoreException(isClosed ? "The store is closed" : troubles.down()));
            return;
        }
        open.add(batch);
        batch.sent(answers, loop.schedule(() -> late(batch), timeoutMillis, TimeUnit.MILLISECONDS));
        to.send(batch.questions());
    }

    private void late(Batch batch) {
        if (!batch.isOver()) {
            batch.fail(new StoreException(troubles.late()));
            watcher.late(batch.questions().get(0), answers == batch.answersBefore());
        }
    }

    /** A question has an outcome. Any thread. */
    void outcome(Batch batch, Question question, @Nullable Throwable why) {
        if (loop.inEventLoop()) {
            onOutcome(batch, question, why);
        } else {
            loop.execute(() -> onOutcome(batch, question, why));
        }
    }

    private void onOutcome(Batch batch, Question question, @Nullable Throwable why) {
        if (why == null || why instanceof RedisSaid) {
            answers++;
        }
        if (why instanceof RedisSaid && Troubles.isUnknownScript(why)) {
            Question again = question.withText();
            Link to = link;
            if (again != null && to != null && !batch.isOver()) {
                to.send(List.of(again));
                return;
            }
        }
        batch.budget.give(1, question.size());
        if (why == null) {
            if (batch.isOver()) {
                watcher.woke();
            }
            batch.answered(question);
        } else {
            batch.fail(new StoreException(troubles.text(why)));
            watcher.failed(question, why);
        }
    }

    void ended(Batch batch) {
        open.remove(batch);
        if (open.isEmpty() && whenIdle != null) {
            Runnable idle = whenIdle;
            whenIdle = null;
            idle.run();
        }
    }
}
