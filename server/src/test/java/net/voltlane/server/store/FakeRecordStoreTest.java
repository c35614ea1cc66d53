package net.voltlane.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The store that tests move by hand: it keeps the contract, and does what tests ask of it. */
final class FakeRecordStoreTest extends RecordStoreContract {
    private final FakeStorage storage = new FakeStorage();

    @Override
    protected RecordStore open(String owner, RecordStore.Listener listener) {
        return storage.open(owner, listener);
    }

    @Override
    protected void passes(Duration time) {
        storage.passes(time);
    }

    @Override
    protected boolean isShared() {
        return true;
    }

    @Test
    void byHandNothingIsDoneBeforeItsTime() {
        FakeRecordStore store = storage.open(A, new Heard());
        store.answersByHand();
        CompletionStage<List<Claimed>> put = store.put(List.of(record(1)));
        CompletionStage<List<Claimed>> second = store.put(List.of(record(2)));
        assertThat(storage.size()).isZero();
        store.answersOnly(1);
        assertThat(storage.size()).isEqualTo(2); // the first was done too, and its answer is under way
        assertThat(put.toCompletableFuture()).isNotDone();
        assertThat(second.toCompletableFuture()).isDone();
        store.fails(1);
        assertThat(put.toCompletableFuture()).isCompletedExceptionally();
        assertThat(store.calls()).containsExactly("put 1", "put 1");
    }

    @Test
    void itForgetsTheLastSecond() {
        FakeRecordStore store = storage.open(A, new Heard());
        store.put(List.of(record(1)));
        storage.mark();
        store.put(List.of(record(2)));
        storage.forgetsSinceMark();
        assertThat(storage.get(1)).isNotNull();
        assertThat(storage.get(2)).isNull();
    }

    @Test
    void whileItIsDownEverythingFails() {
        Heard heard = new Heard();
        FakeRecordStore store = storage.open(A, heard);
        store.answersByHand();
        CompletionStage<List<Claimed>> waiting = store.put(List.of(record(1)));
        store.goesDown();
        assertThat(waiting.toCompletableFuture()).isCompletedExceptionally();
        assertThat(store.put(List.of(record(2))).toCompletableFuture()).isCompletedExceptionally();
        store.comesUp();
        assertThat(heard.events).containsExactly("up", "down", "up");
        assertThat(storage.size()).isZero();
    }

    private static StoredRecord record(long id) {
        return new StoredRecord(id, 1, A, new byte[] {1}, 1_000);
    }
}
