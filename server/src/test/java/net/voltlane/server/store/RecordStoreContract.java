package net.voltlane.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The contract of every kind of store, sentence by sentence of {@link RecordStore}, with that of its {@link Fleet}. A kind
 * extends this class, and says how one of its stores is opened. Each test has a place of its own, which is empty at its
 * start.
 */
public abstract class RecordStoreContract extends FleetContract {
    private static final long LARGEST_ID = (1L << 53) - 1;

    // ---- records

    @Test
    void aRecordIsFoundAsItWasPut() throws Exception {
        RecordStore store = openA();
        assertThat(answer(store.put(List.of(record(7, 1, A))))).isEmpty();
        assertRecord(answer(store.find(7)), record(7, 1, A));
    }

    @Test
    void aRecordThatThereIsNotIsNotFound() throws Exception {
        RecordStore store = openA();
        assertThat(answer(store.find(7))).isNull();
        answer(store.put(List.of(record(7, 1, A))));
        assertThat(answer(store.find(8))).isNull();
    }

    @Test
    void theLargestNumbersAndLengthsFit() throws Exception {
        RecordStore store = openA();
        byte[] large = new byte[StoredRecord.MAX_SEALED_BYTES];
        new Random(18).nextBytes(large);
        StoredRecord most = new StoredRecord(LARGEST_ID, LARGEST_ID, A, large, LONG_MILLIS);
        StoredRecord least = new StoredRecord(1, 1, B, new byte[] {0}, LONG_MILLIS);
        assertThat(answer(store.put(List.of(most, least)))).isEmpty();
        assertRecord(answer(store.find(LARGEST_ID)), most);
        assertRecord(answer(store.find(1)), least);
    }

    @Test
    void everyByteComesBack() throws Exception {
        RecordStore store = openA();
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        answer(store.put(List.of(new StoredRecord(7, 1, A, all, LONG_MILLIS))));
        assertThat(found(store, 7).sealed()).isEqualTo(all);
    }

    @Test
    void thousandsOfRecordsArePutAtOnce() throws Exception {
        RecordStore store = openA();
        List<StoredRecord> records = new ArrayList<>();
        List<Held> held = new ArrayList<>();
        for (long id = 1; id <= 5_000; id++) {
            records.add(record(id, 1, A));
            held.add(new Held(id, 1, LONG_MILLIS));
        }
        assertThat(answer(store.put(records))).isEmpty();
        assertThat(answer(store.keep(A, held))).isEmpty();
        assertRecord(answer(store.find(1)), record(1, 1, A));
        assertRecord(answer(store.find(5_000)), record(5_000, 1, A));
        answer(store.forget(A, held));
        assertThat(answer(store.find(1))).isNull();
        assertThat(answer(store.find(5_000))).isNull();
    }

    @Test
    void nothingIsAnsweredWithNothing() throws Exception {
        RecordStore store = openA();
        assertThat(answer(store.put(List.of()))).isEmpty();
        assertThat(answer(store.keep(A, List.of()))).isEmpty();
        answer(store.forget(A, List.of()));
    }

    // ---- put

    @Test
    void aRecordIsReplacedByItsOwnerAndByAHigherEpoch() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(7, 1, A))));
        StoredRecord again = new StoredRecord(7, 1, A, bytes("again"), LONG_MILLIS);
        assertThat(answer(store.put(List.of(again)))).isEmpty();
        assertRecord(answer(store.find(7)), again);
        assertThat(answer(store.put(List.of(record(7, 2, B))))).isEmpty();
        assertRecord(answer(store.find(7)), record(7, 2, B));
    }

    @Test
    void aHigherEpochIsNotReplaced() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(7, 3, B))));
        assertThat(answer(store.put(List.of(record(7, 2, A))))).containsExactly(new Claimed(7, 3, B));
        assertRecord(answer(store.find(7)), record(7, 3, B));
    }

    /** The epochs of one owner rise too, so that an older question that comes late changes nothing. */
    @Test
    void aHigherEpochOfTheSameOwnerIsNotReplaced() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(7, 3, A))));
        assertThat(answer(store.put(List.of(record(7, 2, A))))).containsExactly(new Claimed(7, 3, A));
        assertRecord(answer(store.find(7)), record(7, 3, A));
    }

    @Test
    void theSameEpochOfAnotherOwnerIsNotReplaced() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(7, 2, B))));
        assertThat(answer(store.put(List.of(record(7, 2, A))))).containsExactly(new Claimed(7, 2, B));
        assertRecord(answer(store.find(7)), record(7, 2, B));
    }

    @Test
    void theOthersAreWrittenWhateverHappensToThese() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(2, 5, B))));
        assertThat(answer(store.put(List.of(record(1, 1, A), record(2, 1, A), record(3, 1, A)))))
                .containsExactly(new Claimed(2, 5, B));
        assertRecord(answer(store.find(1)), record(1, 1, A));
        assertRecord(answer(store.find(3)), record(3, 1, A));
    }

    // ---- claim

    @Test
    void aClaimGivesOwnerAndEpochTogether() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(7, 1, A))));
        assertThat(answer(store.claim(7, 1, 2, B, LONG_MILLIS))).isTrue();
        assertRecord(answer(store.find(7)), record(7, 2, B));
    }

    @Test
    void aClaimMayLeaveEpochsOut() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(7, 1, A))));
        assertThat(answer(store.claim(7, 1, 9, B, LONG_MILLIS))).isTrue();
        assertRecord(answer(store.find(7)), record(7, 9, B));
    }

    @Test
    void aClaimThatHasSeenAnotherEpochIsRefused() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(7, 2, A))));
        assertThat(answer(store.claim(7, 1, 2, B, LONG_MILLIS))).isFalse();
        assertThat(answer(store.claim(7, 3, 4, B, LONG_MILLIS))).isFalse();
        assertRecord(answer(store.find(7)), record(7, 2, A));
    }

    @Test
    void aClaimOfNothingIsRefusedAndMakesNothing() throws Exception {
        RecordStore store = openA();
        assertThat(answer(store.claim(7, 1, 2, B, LONG_MILLIS))).isFalse();
        assertThat(answer(store.find(7))).isNull();
    }

    @Test
    void anOwnerMayClaimItsOwn() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(7, 1, A))));
        assertThat(answer(store.claim(7, 1, 2, A, LONG_MILLIS))).isTrue();
        assertRecord(answer(store.find(7)), record(7, 2, A));
    }

    @Test
    void ofManyClaimsAtOnceOneIsGranted() throws Exception {
        RecordStore store = openA();
        for (long id = 1; id <= 20; id++) {
            answer(store.put(List.of(record(id, 1, A))));
        }
        var threads = Executors.newFixedThreadPool(4);
        try {
            List<List<Future<CompletionStage<Boolean>>>> claims = new ArrayList<>();
            for (long id = 1; id <= 20; id++) {
                long session = id;
                List<Future<CompletionStage<Boolean>>> ofOne = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    String owner = Integer.toString(i).repeat(32);
                    ofOne.add(threads.submit(() -> store.claim(session, 1, 2, owner, LONG_MILLIS)));
                }
                claims.add(ofOne);
            }
            for (List<Future<CompletionStage<Boolean>>> ofOne : claims) {
                List<Boolean> granted = new ArrayList<>();
                for (Future<CompletionStage<Boolean>> claim : ofOne) {
                    granted.add(answer(claim.get(LIMIT_SECS, TimeUnit.SECONDS)));
                }
                assertThat(granted).containsOnlyOnce(true);
                String winner = Integer.toString(granted.indexOf(true)).repeat(32);
                assertThat(found(store, claims.indexOf(ofOne) + 1).owner()).isEqualTo(winner);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    // ---- keep and forget

    @Test
    void keepTellsOfWhatAnotherServerHas() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(1, 1, A), record(2, 4, B), record(3, 1, B))));
        List<Held> held = List.of(held(1, 1), held(2, 3), held(3, 1), held(4, 1));
        assertThat(answer(store.keep(A, held)))
                .containsExactlyInAnyOrder(new Claimed(2, 4, B), new Claimed(3, 1, B), Claimed.gone(4));
        assertThat(answer(store.find(4))).isNull();
    }

    @Test
    void keepChangesNothingButTheTime() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(1, 2, A))));
        answer(store.keep(A, List.of(held(1, 2))));
        assertRecord(answer(store.find(1)), record(1, 2, A));
    }

    @Test
    void aForgottenRecordIsGone() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(1, 1, A), record(2, 1, A))));
        answer(store.forget(A, List.of(held(1, 1), held(9, 1))));
        assertThat(answer(store.find(1))).isNull();
        assertRecord(answer(store.find(2)), record(2, 1, A));
        assertThat(answer(store.claim(1, 1, 2, B, LONG_MILLIS))).isFalse();
    }

    @Test
    void whatAnotherServerHasByNowIsNotForgotten() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(1, 2, B), record(2, 1, B), record(3, 2, A))));
        answer(store.forget(A, List.of(held(1, 1), held(2, 1), held(3, 1))));
        assertRecord(answer(store.find(1)), record(1, 2, B));
        assertRecord(answer(store.find(2)), record(2, 1, B));
        assertRecord(answer(store.find(3)), record(3, 2, A)); // the question is older than the record
    }

    @Test
    void aForgottenIdCanBePutAgain() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(1, 5, A))));
        answer(store.forget(A, List.of(held(1, 5))));
        assertThat(answer(store.put(List.of(record(1, 1, B))))).isEmpty();
        assertRecord(answer(store.find(1)), record(1, 1, B));
    }

    @Test
    void callsOfOneThreadAreDoneInTheirOrder() throws Exception {
        RecordStore store = openA();
        List<CompletionStage<@Nullable StoredRecord>> afterForget = new ArrayList<>();
        List<CompletionStage<Boolean>> claims = new ArrayList<>();
        for (long id = 1; id <= 200; id++) {
            store.put(List.of(record(id, 1, A)));
            claims.add(store.claim(id, 1, 2, A, LONG_MILLIS));
            store.put(List.of(record(id, 2, A)));
            store.keep(A, List.of(held(id, 2)));
            store.forget(A, List.of(held(id, 2)));
            afterForget.add(store.find(id));
            store.put(List.of(record(id, 1, B)));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(answer(claims.get(i))).isTrue();
            assertThat(answer(afterForget.get(i))).isNull();
            assertRecord(answer(store.find(i + 1)), record(i + 1, 1, B));
        }
    }

    // ---- time

    @Test
    void aRecordIsKeptForItsTime() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(1, 1, A), record(2, 1, A), record(3, 1, A), record(4, 1, A), record(5, 1, A))));
        answer(store.put(List.of(
                new StoredRecord(6, 1, A, bytes("6"), SHORT_MILLIS),
                new StoredRecord(1, 1, A, bytes("1"), SHORT_MILLIS))));
        answer(store.keep(A, List.of(new Held(2, 1, SHORT_MILLIS))));
        assertThat(answer(store.claim(3, 1, 2, B, SHORT_MILLIS))).isTrue();
        answer(store.keep(A, List.of(new Held(4, 1, SHORT_MILLIS))));
        answer(store.keep(A, List.of(held(4, 1)))); // the longer time stands, though it came later
        passes(BEHIND_SHORT);
        assertThat(answer(store.find(1))).isNull();
        assertThat(answer(store.find(2))).isNull();
        assertThat(answer(store.find(3))).isNull();
        assertRecord(answer(store.find(4)), record(4, 1, A));
        assertRecord(answer(store.find(5)), record(5, 1, A));
        assertThat(answer(store.find(6))).isNull();
        assertThat(answer(store.claim(6, 1, 2, A, LONG_MILLIS))).isFalse();
        assertThat(answer(store.keep(A, List.of(held(6, 1), held(4, 1), held(3, 1)))))
                .containsExactlyInAnyOrder(Claimed.gone(6), Claimed.gone(3)); // and it brings nothing back
        assertThat(answer(store.find(6))).isNull();
        assertThat(answer(store.put(List.of(record(3, 1, A))))).isEmpty(); // no epoch is left of what is gone
    }

    @Test
    void aPutAndAClaimGiveANewTime() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(
                new StoredRecord(1, 1, A, bytes("1"), SHORT_MILLIS * 3),
                new StoredRecord(2, 1, A, bytes("2"), SHORT_MILLIS * 3))));
        answer(store.put(List.of(record(1, 1, A))));
        assertThat(answer(store.claim(2, 1, 2, B, LONG_MILLIS))).isTrue();
        passes(Duration.ofMillis(SHORT_MILLIS * 4));
        assertRecord(answer(store.find(1)), record(1, 1, A));
        assertThat(found(store, 2).owner()).isEqualTo(B);
    }

    // ---- the store itself

    @Test
    void recordsOutliveTheServer() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(1, 1, A), record(2, 1, A), record(3, 1, A))));
        answer(store.forget(A, List.of(held(2, 1))));
        assertThat(answer(store.claim(3, 1, 2, B, LONG_MILLIS))).isTrue();
        store.close();
        restarts();
        RecordStore next = opened(B, new Heard());
        assertRecord(answer(next.find(1)), record(1, 1, A));
        assertThat(answer(next.find(2))).isNull();
        assertThat(answer(next.claim(1, 1, 2, B, LONG_MILLIS))).isTrue();
        assertRecord(answer(next.find(1)), record(1, 2, B));
        assertRecord(answer(next.find(3)), record(3, 2, B));
    }

    /** Nobody waits for these answers: what was asked before the end is still done. */
    @Test
    void whatWasAskedBeforeTheEndIsDone() throws Exception {
        RecordStore store = openA();
        for (long id = 1; id <= 100; id++) {
            store.put(List.of(record(id, 1, A)));
        }
        store.close();
        restarts();
        RecordStore next = opened(B, new Heard());
        for (long id = 1; id <= 100; id++) {
            assertRecord(answer(next.find(id)), record(id, 1, A));
        }
    }

    @Test
    void anOpenStoreIsUpAndSaysSo() throws Exception {
        Heard heard = new Heard();
        RecordStore store = opened(A, heard);
        assertThat(heard.next()).isEqualTo("up");
        assertThat(store.isUp()).isTrue();
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aClosedStoreFailsEveryQuestion() throws Exception {
        RecordStore store = openA();
        store.close();
        assertThat(store.isUp()).isFalse();
        assertFails(store.put(List.of(record(1, 1, A))));
        assertFails(store.find(1));
        assertFails(store.claim(1, 1, 2, A, LONG_MILLIS));
        assertFails(store.keep(A, List.of(held(1, 1))));
        assertFails(store.forget(A, List.of(held(1, 1))));
        Fleet fleet = store.fleet();
        if (fleet != null) {
            assertFails(fleet.members());
            assertFails(fleet.beat(A, bytes("{}"), LONG_MILLIS));
            assertFails(fleet.identity("key"));
            assertFails(fleet.bans());
            assertFails(fleet.takeOver(1, 2, 10));
        }
        store.close(); // a second time changes nothing
    }

    @Test
    void factsNameTheKindAndThePlace() throws Exception {
        RecordStore store = openA();
        answer(store.put(List.of(record(1, 1, A), record(2, 1, A))));
        answer(store.find(2));
        StoreFacts facts = store.facts();
        assertThat(facts.kind()).isNotBlank();
        assertThat(facts.place()).isNotBlank();
        assertThat(facts.records()).isIn(-1L, 2L);
        assertThat(facts.bytes()).isGreaterThanOrEqualTo(-1);
    }

    @Test
    void aStoreThatSeveralServersCanUseHasAFleet() throws Exception {
        assertThat(openA().fleet() != null).isEqualTo(isShared());
    }

    // ---- several servers

    @Test
    void theFormerOwnerIsToldOfAClaim() throws Exception {
        Heard a = new Heard();
        Heard b = new Heard();
        RecordStore first = openedUp(A, a);
        RecordStore second = openedUp(B, b);
        answer(first.put(List.of(record(7, 1, A), record(8, 1, A))));
        assertThat(answer(second.claim(7, 1, 2, B, LONG_MILLIS))).isTrue();
        assertThat(a.next()).isEqualTo("claimed " + new Claimed(7, 2, B));
        assertThat(answer(first.claim(7, 2, 5, A, LONG_MILLIS))).isTrue();
        assertThat(b.next()).isEqualTo("claimed " + new Claimed(7, 5, A));
        assertThat(a.events).isEmpty();
    }

    @Test
    void aClaimThatIsRefusedIsNotTold() throws Exception {
        Heard a = new Heard();
        RecordStore first = openedUp(A, a);
        RecordStore second = openedUp(B, new Heard());
        answer(first.put(List.of(record(7, 2, A), record(8, 1, A))));
        assertThat(answer(second.claim(7, 1, 2, B, LONG_MILLIS))).isFalse();
        assertThat(answer(second.claim(8, 1, 2, B, LONG_MILLIS))).isTrue();
        assertThat(a.next()).isEqualTo("claimed " + new Claimed(8, 2, B)); // the next that it hears is the other one
    }

    @Test
    void serversSeeEachOthersRecords() throws Exception {
        RecordStore first = openedUp(A, new Heard());
        RecordStore second = openedUp(B, new Heard());
        answer(first.put(List.of(record(7, 1, A))));
        assertRecord(answer(second.find(7)), record(7, 1, A));
        assertThat(answer(second.claim(7, 1, 2, B, LONG_MILLIS))).isTrue();
        assertThat(answer(first.put(List.of(record(7, 1, A))))).containsExactly(new Claimed(7, 2, B));
        assertThat(answer(first.keep(A, List.of(held(7, 1))))).containsExactly(new Claimed(7, 2, B));
        answer(first.forget(A, List.of(held(7, 1))));
        assertRecord(answer(first.find(7)), record(7, 2, B));
    }

    // ---- helpers

    private RecordStore openA() throws Exception {
        return opened(A, new Heard());
    }

    private static void assertFails(CompletionStage<?> asked) {
        CompletableFuture<?> answer = asked.toCompletableFuture();
        assertThatThrownBy(() -> answer.get(LIMIT_SECS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StoreException.class);
        AtomicReference<@Nullable Throwable> why = new AtomicReference<>();
        asked.whenComplete((nothing, failure) -> why.set(failure));
        assertThat(why.get()).isInstanceOf(StoreException.class); // not one around it
    }

    private static StoredRecord found(RecordStore store, long id) throws Exception {
        StoredRecord found = answer(store.find(id));
        assertThat(found).isNotNull();
        return found;
    }

    /** In an answer the time has no meaning. */
    private static void assertRecord(@Nullable StoredRecord found, StoredRecord expected) {
        assertThat(found).isNotNull();
        assertThat(new StoredRecord(found.id(), found.epoch(), found.owner(), found.sealed(), LONG_MILLIS))
                .isEqualTo(expected);
        assertThat(found.sealed()).isEqualTo(expected.sealed());
    }

    private static StoredRecord record(long id, long epoch, String owner) {
        return new StoredRecord(id, epoch, owner, bytes("sealed " + id), LONG_MILLIS);
    }

    private static Held held(long id, long epoch) {
        return new Held(id, epoch, LONG_MILLIS);
    }
}
