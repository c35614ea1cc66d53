package net.voltlane.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door of one server to a {@link FakeStorage}. It answers at once, or when the test says so; it can fail, go down and come
 * back. Answers come on the thread of the test. What is asked is done in the order of the questions, in whatever order
 * they are answered.
 */
public final class FakeRecordStore implements RecordStore {
    /** A question that was asked, and perhaps done, and not answered. */
    private static final class Question<T> {
        private final Supplier<T> work;
        final CompletableFuture<T> answer = new CompletableFuture<>();
        private boolean isDone;
        private @Nullable T result;

        Question(Supplier<T> work) {
            this.work = work;
        }

        void perform() {
            if (!isDone) {
                isDone = true;
                result = work.get();
            }
        }

        void answer() {
            perform();
            answer.complete(result);
        }
    }

    private final FakeStorage storage;
    private final String owner;
    private final Listener listener;
    private final @Nullable FakeFleet fleet;
    private final List<Question<?>> waiting = new ArrayList<>();
    /** Questions that have failed, and are still under way: they are done before all that is asked later. */
    private final List<Question<?>> late = new ArrayList<>();
    /** The events that the listener has not been told yet, because answers are given by hand. */
    private final List<Runnable> untold = new ArrayList<>();

    private boolean isByHand;
    private boolean isUp = true;
    private boolean isClosed;
    private int toFail;

    /** The calls that came, as {@code put 2}: the method, and the number of sessions that it is about. */
    private final List<String> calls = new ArrayList<>();

    FakeRecordStore(FakeStorage storage, String owner, Listener listener) {
        this.storage = storage;
        this.owner = owner;
        this.listener = listener;
        fleet = storage.isShared() ? new FakeFleet(storage.fleet, this) : null;
    }

    // ---- called by tests

    /** From now on nothing is done or answered before the test says so, and no claim of another server is told. */
    public void answersByHand() {
        isByHand = true;
    }

    /** Answers what waits, and from now on everything at once. */
    public void answersAtOnce() {
        isByHand = false;
        answers();
        tells();
    }

    /** The number of questions that wait. */
    public int waiting() {
        return waiting.size();
    }

    /** Answers the questions that wait, in their order. */
    public void answers() {
        answers(waiting.size());
    }

    /** Answers the first of the questions that wait. */
    public void answers(int questions) {
        comesLate();
        for (int i = 0; i < questions; i++) {
            waiting.remove(0).answer();
        }
    }

    /** Answers one of the questions that wait, though earlier ones are done and not answered. */
    public void answersOnly(int index) {
        comesLate();
        for (int i = 0; i < index; i++) {
            waiting.get(i).perform();
        }
        waiting.remove(index).answer();
    }

    /** Does what the questions that wait ask for, and answers nothing. */
    public void performs() {
        performs(waiting.size());
    }

    /** Does what the first of the questions that wait ask for, and answers nothing. */
    public void performs(int questions) {
        comesLate();
        waiting.subList(0, questions).forEach(Question::perform);
    }

    /** Fails the questions that wait, as their time is over. What they ask for may still be done, later. */
    public void timesOut() {
        late.addAll(waiting);
        fails(waiting.size());
    }

    /** Does what was asked for by questions whose time was over. */
    public void comesLate() {
        late.forEach(Question::perform);
        late.clear();
    }

    /** Loses the questions whose time was over on their way. */
    public void losesLate() {
        late.clear();
    }

    /** Fails the first questions that wait, and does not do what they ask for. */
    public void fails(int questions) {
        for (int i = 0; i < questions; i++) {
            waiting.remove(0).answer.completeExceptionally(new StoreException("no answer in time"));
        }
    }

    /** The next calls fail at once, and nothing is done. */
    public void failsNext(int calls) {
        toFail = calls;
    }

    /** The store can't be reached. What waits fails, done or not. */
    public void goesDown() {
        isUp = false;
        listener.down(new StoreException("connection refused"));
        fails(waiting.size());
        untold.clear(); // who is not connected is not told
    }

    /** The store can be reached again. */
    public void comesUp() {
        isUp = true;
        listener.up();
        if (fleet != null) {
            fleet.up();
        }
    }

    /** The listener never hears of the claims that it was not told of yet. */
    public void forgetsUntold() {
        untold.clear();
    }

    /** Tells the listener of claims that it was not told of yet. */
    public void tells() {
        List<Runnable> now = List.copyOf(untold);
        untold.clear();
        now.forEach(Runnable::run);
    }

    /** The calls that came since the last question for them. */
    public List<String> calls() {
        List<String> since = List.copyOf(calls);
        calls.clear();
        return since;
    }

    // ---- called by the storage and by the fleet

    void wasClaimed(String formerOwner, Claimed by) {
        if (isUp && !isClosed && formerOwner.equals(owner)) {
            untold.add(() -> listener.claimed(by));
            if (!isByHand) {
                tells();
            }
        }
    }

    String owner() {
        return owner;
    }

    /** Asks a question, which is done and answered now or later. */
    <T> CompletionStage<T> ask(String call, Supplier<T> work) {
        synchronized (storage) {
            calls.add(call);
            Question<T> question = new Question<>(work);
            if (isClosed) {
                question.answer.completeExceptionally(new StoreException("the store is closed"));
            } else if (!isUp) {
                question.answer.completeExceptionally(new StoreException("connection refused"));
            } else if (toFail > 0) {
                toFail--;
                question.answer.completeExceptionally(new StoreException("failed as asked for"));
            } else if (isByHand) {
                waiting.add(question);
            } else {
                question.answer();
            }
            return question.answer;
        }
    }

    // ---- called by servers

    @Override
    public CompletionStage<List<Claimed>> put(List<StoredRecord> records) {
        List<StoredRecord> copy = List.copyOf(records);
        return ask("put " + copy.size(), () -> storage.put(copy));
    }

    @Override
    public CompletionStage<@Nullable StoredRecord> find(long id) {
        return ask("find " + id, () -> storage.get(id));
    }

    @Override
    public CompletionStage<Boolean> claim(long id, long seenEpoch, long nextEpoch, String claimer, long keepMillis) {
        return ask("claim " + id, () -> storage.claim(id, seenEpoch, nextEpoch, claimer, keepMillis));
    }

    @Override
    public CompletionStage<List<Claimed>> keep(String keeper, List<Held> records) {
        List<Held> copy = List.copyOf(records);
        return ask("keep " + copy.size(), () -> storage.keep(keeper, copy));
    }

    @Override
    public CompletionStage<@Nullable Void> forget(String keeper, List<Held> records) {
        List<Held> copy = List.copyOf(records);
        return ask("forget " + copy.size(), () -> {
            storage.forget(keeper, copy);
            return null;
        });
    }

    @Override
    public boolean isUp() {
        return isUp && !isClosed;
    }

    @Override
    public @Nullable Fleet fleet() {
        return fleet;
    }

    @Override
    public StoreFacts facts() {
        return new StoreFacts("fake", "the memory of this test", storage.size(), -1);
    }

    @Override
    public void close() {
        isClosed = true;
        fails(waiting.size());
        storage.closed(this);
        if (fleet != null) {
            fleet.closed();
        }
    }
}
