package net.voltlane.store.file;

import static net.voltlane.store.file.TestStore.KEEP_MILLIS;
import static net.voltlane.store.file.TestStore.OTHER;
import static net.voltlane.store.file.TestStore.OWNER;
import static net.voltlane.store.file.TestStore.answer;
import static net.voltlane.store.file.TestStore.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreProvider;
import net.voltlane.server.store.StoredRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRecordStoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final AtomicLong wallMillis = new AtomicLong(1_000_000);

    @TempDir
    Path folder;

    @Test
    void isFoundByItsKind() {
        assertThat(ServiceLoader.load(StoreProvider.class).stream()
                        .map(found -> found.get().kind()))
                .contains("file");
    }

    @Test
    void recordsOutliveTheStoreWithTheirTimes() throws Exception {
        try (TestStore test = open()) {
            test.put(record(1), record(2, 1, OWNER, StoredRecord.MAX_SEALED_BYTES));
            test.claim(1, 1, OTHER);
        }
        wallMillis.addAndGet(KEEP_MILLIS - 1);
        try (TestStore test = open()) {
            assertThat(test.find(1))
                    .isEqualTo(with(record(1, 2, OTHER, 20), record(1).sealed(), 1));
            assertThat(test.find(2))
                    .isEqualTo(with(
                            record(2),
                            record(2, 1, OWNER, StoredRecord.MAX_SEALED_BYTES).sealed(),
                            1));
            assertThat(test.store.facts().records()).isEqualTo(2);
            wallMillis.addAndGet(1);
            assertThat(test.find(1)).isNull();
            assertThat(test.claim(2, 1, OTHER)).isFalse();
        }
    }

    @Test
    void removesWhatIsOverItsTime() throws Exception {
        try (TestStore test = open()) {
            for (long first = 1; first < 3_000; first += 100) {
                for (long id = first; id < first + 100; id++) {
                    test.store.put(List.of(record(id)));
                }
            }
            test.put(record(5_000));
            assertThat(test.store.facts().records()).isEqualTo(3_001);
            answer(test.store.keep(OWNER, List.of(new Held(7, 1, 2 * KEEP_MILLIS))));
            wallMillis.addAndGet(KEEP_MILLIS);
            await().atMost(LIMIT).until(() -> test.store.facts().records() == 1);
            assertThat(test.find(7)).isNotNull();
        }
    }

    @Test
    void tellsOfAClaimByAnotherServer() throws Exception {
        try (TestStore test = open()) {
            test.put(record(1), record(2));
            assertThat(test.claim(1, 1, OTHER)).isTrue();
            assertThat(test.claim(2, 1, OWNER)).isTrue();
            assertThat(test.claim(1, 2, OWNER)).isTrue();
            assertThat(test.events.all()).containsExactly("up", "claimed 1 2 " + OTHER);
        }
    }

    @Test
    void answersWithWhatStandsInTheStore() throws Exception {
        try (TestStore test = open()) {
            test.put(record(1, 3, OTHER, 20));
            assertThat(test.put(record(1, 3, OWNER, 20), record(2))).containsExactly(new Claimed(1, 3, OTHER));
            assertThat(answer(test.store.keep(OWNER, List.of(new Held(1, 2, 1), new Held(2, 1, 9), new Held(3, 1, 1)))))
                    .containsExactly(new Claimed(1, 3, OTHER), Claimed.gone(3));
            answer(test.store.forget(OWNER, List.of(new Held(1, 3, 1), new Held(2, 1, 1))));
            assertThat(test.find(1)).isNotNull();
            assertThat(test.find(2)).isNull();
        }
    }

    @Test
    void aFullDiskTakesTheStoreDownUntilThereIsSpace() throws Exception {
        try (Disk disk = new Disk(folder);
                TestStore test = TestStore.open(path(), wallMillis::get, Disk.prefix())) {
            test.put(record(1));
            disk.fill(true);
            assertThatThrownBy(() -> test.put(record(2)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store in " + path() + " has failed: No space left on device");
            assertThat(test.store.isUp()).isFalse();
            assertThatThrownBy(() -> test.find(1)).isInstanceOf(StoreException.class);
            assertThat(test.events.all()).hasSize(2).last().asString().startsWith("down the store in ");
            disk.fill(false);
            await().atMost(LIMIT).until(test.store::isUp);
            await().atMost(LIMIT).until(() -> test.events.all().size() == 3);
            assertThat(test.events.all()).last().isEqualTo("up");
            assertThat(test.find(1)).isNotNull();
            assertThat(test.put(record(3))).isEmpty();
            assertThat(test.find(3)).isNotNull();
        }
        try (TestStore test = open()) {
            assertThat(test.find(3)).isNotNull();
        }
    }

    @Test
    void aDiskThatHangsHoldsUpNoCallForLongerThanItsTime() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Disk disk = new Disk(folder);
                TestStore test = TestStore.open(path(), wallMillis::get, Disk.prefix(), 300)) {
            disk.hang(over);
            CompletionStage<?> inHand = test.store.put(List.of(record(1)));
            CompletionStage<?> waiting = test.store.find(1);
            for (CompletionStage<?> call : List.of(inHand, waiting)) {
                assertThatThrownBy(() -> answer(call))
                        .isInstanceOf(StoreException.class)
                        .hasMessageEndingWith("has not answered within 300 ms");
            }
            over.countDown();
            await().atMost(LIMIT).ignoreExceptions().until(() -> test.find(1) != null);
        }
    }

    @Test
    void callsOverTheBoundFail() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Disk disk = new Disk(folder);
                TestStore test = TestStore.open(path(), wallMillis::get, Disk.prefix())) {
            disk.hang(over);
            CompletionStage<?> first = test.store.put(List.of(record(1)));
            StoredRecord large = record(2, 1, OWNER, StoredRecord.MAX_SEALED_BYTES);
            List<StoredRecord> many = Collections.nCopies(100, large);
            CompletionStage<?> last = first;
            for (long bytes = 0;
                    bytes < Calls.MAX_WAITING_BYTES + 10_000_000;
                    bytes += 100 * StoredRecord.MAX_SEALED_BYTES) {
                last = test.store.put(many);
            }
            CompletionStage<?> over1 = last;
            assertThatThrownBy(() -> answer(over1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("the store has more to do than it can");
            over.countDown();
            answer(first);
        }
    }

    @Test
    void doesWhatWasAskedBeforeItIsClosed() throws Exception {
        TestStore test = open();
        CompletionStage<List<Claimed>> last = null;
        for (long id = 1; id <= 500; id++) {
            last = test.store.put(List.of(record(id)));
        }
        test.close();
        assertThat(answer(last)).isEmpty();
        assertThat(test.store.isUp()).isFalse();
        assertThatThrownBy(() -> test.put(record(1))).isInstanceOf(StoreException.class);
        try (TestStore again = open()) {
            assertThat(again.store.facts().records()).isEqualTo(500);
        }
    }

    private Path path() {
        return folder.resolve("sessions");
    }

    private TestStore open() throws StoreException {
        return TestStore.open(path(), wallMillis::get, "");
    }

    private static StoredRecord with(StoredRecord record, byte[] sealed, long keepMillis) {
        return new StoredRecord(record.id(), record.epoch(), record.owner(), sealed, keepMillis);
    }
}
