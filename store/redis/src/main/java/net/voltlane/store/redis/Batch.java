package net.voltlane.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Questions that are sent together and have one answer. After it was made, everything happens on the store's thread.
 */
final class Batch {
    private final List<Question> questions;
    private final Runnable whenAnswered;
    private final CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
    private final Asker asker;
    final Budget budget;
    final int bytes;

    private int left;
    private boolean over;
    /** The number of answers that had come when the batch was sent. */
    private long answersBefore;

    private @Nullable Future<?> timer;

    private Batch(List<Question> questions, Asker asker, Budget budget, Function<List<Question>, ?> toAnswer) {
        this.questions = new ArrayList<>(questions);
        this.asker = asker;
        this.budget = budget;
        this.left = questions.size();
        int size = 0;
        for (int i = 0; i < questions.size(); i++) {
            questions.get(i).belongsTo(this, i);
            size += questions.get(i).size();
        }
        this.bytes = size;
        this.whenAnswered = () -> answer.complete(toAnswer.apply(this.questions));
    }

    /** @param toAnswer makes the answer of all questions once they are answered */
    static Batch of(List<Question> questions, Asker asker, Budget budget, Function<List<Question>, ?> toAnswer) {
        return new Batch(questions, asker, budget, toAnswer);
    }

    /** The answer, whose type is that of {@code toAnswer}. */
    @SuppressWarnings("unchecked")
    <T extends @Nullable Object> CompletionStage<T> answer() {
        return (CompletionStage<T>) (CompletionStage<?>) answer;
    }

    List<Question> questions() {
        return questions;
    }

    /** A question was answered, or failed. Any thread. */
    void outcome(Question question, @Nullable Throwable why) {
        asker.outcome(this, question, why);
    }

    /** Takes an answer: the question is the one that was asked, or the same with the text of its script. */
    void answered(Question question) {
        questions.set(question.index(), question);
        left--;
        if (left == 0 && !over) {
            end();
            try {
                whenAnswered.run();
            } catch (RuntimeException broken) {
                answer.completeExceptionally(
                        new StoreException("Redis has answered what no store has written: " + broken.getMessage()));
            }
        }
    }

    /** Fails the whole, if it has no outcome yet. Returns true if it had none. */
    boolean fail(StoreException why) {
        if (over) {
            return false;
        }
        end();
        answer.completeExceptionally(why);
        return true;
    }

    /**
     * Remembers that the batch was sent.
     *
     * @param answers the number of answers that have come until now
     * @param late is cancelled when the batch is over
     */
    void sent(long answers, Future<?> late) {
        answersBefore = answers;
        timer = late;
    }

    /** The number of answers that had come when the batch was sent. */
    long answersBefore() {
        return answersBefore;
    }

    boolean isOver() {
        return over;
    }

    private void end() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
        asker.ended(this);
    }
}
