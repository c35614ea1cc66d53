package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.StoredRecord;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** New sessions whose clients get their ids once the records are written. */
@ExtendWith(LeakCheck.class)
final class OpeningsTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final byte[] CREDENTIALS = "alice".getBytes(StandardCharsets.UTF_8);

    private final FakeStorage storage = new FakeStorage();
    private Stage stage = new Stage(Stage.ROOMY, storage, A, WhenAway.CONTINUE);

    @AfterEach
    void end() {
        stage.close();
    }

    private void refuses() {
        stage.close();
        stage = new Stage(Stage.ROOMY, storage, A, WhenAway.REFUSE);
    }

    @Test
    void theClientGetsItsIdOnceTheRecordIsThere() {
        stage.records.answersByHand();
        CountedLink link = CountedLink.open(stage, CREDENTIALS);
        stage.turns();
        assertThat(link.told).isEmpty();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.master.life).isEmpty();
        stage.records.performs();
        stage.turns();
        assertThat(link.told).isEmpty(); // it may be there: nobody knows yet
        stage.records.answers();
        assertThat(link.told).isEmpty(); // the answer comes on another thread
        stage.turns();
        assertThat(link.told).containsExactly("opened");
        assertThat(stage.master.life).hasSize(1);
        StoredRecord record = storage.get(link.id);
        assertThat(record).isNotNull();
        assertThat(record.epoch()).isOne();
        assertThat(record.owner()).isEqualTo(A);
        assertThat(stage.sessions.unrecordedSize()).isZero();
        assertThat(stage.count(Metric.RECORDS_WRITTEN)).isOne();
        assertThat(stage.count(Metric.OPENED_WITHOUT_RECORD)).isZero();
    }

    @Test
    void allOfOneTurnAreWrittenWithOneCall() {
        stage.records.answersByHand();
        List<FakeLink> links = List.of(stage.open(), stage.open(), stage.open());
        assertThat(stage.records.calls()).isEmpty();
        stage.turns();
        assertThat(stage.records.calls()).containsExactly("put 3");
        stage.records.answers();
        stage.turns();
        assertThat(links).allSatisfy(link -> assertThat(link.told).containsExactly("opened"));
        assertThat(links).extracting(link -> link.id).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aLinkThatIsLostMeanwhileLeavesNothing() {
        stage.records.answersByHand();
        CountedLink link = CountedLink.open(stage, CREDENTIALS);
        stage.turns();
        link.breaks();
        assertThat(link.told).containsExactly("refused UNKNOWN");
        assertThat(stage.budget.heldBytes()).isZero();
        stage.turns();
        stage.records.answersAtOnce();
        stage.turns();
        assertThat(link.told).containsExactly("refused UNKNOWN");
        assertThat(stage.sessions.size()).isZero();
        assertThat(storage.size()).isZero(); // written, and forgotten behind that
        assertThat(stage.master.life).isEmpty();
        link.breaks(); // a link that was refused says nothing more; if it does, nothing happens
        stage.turns();
        assertThat(stage.records.calls()).containsExactly("put 1", "forget 1");
    }

    @Test
    void aLinkThatIsLostBeforeItsRecordWasAskedForIsNotWritten() {
        FakeLink gone = stage.open();
        FakeLink stays = stage.open();
        gone.breaks();
        stage.turns();
        assertThat(stage.records.calls()).containsExactly("put 1", "forget 1");
        assertThat(storage.get(1)).isNull();
        assertThat(storage.get(2)).isNotNull();
        assertThat(stays.told).containsExactly("opened");
    }

    @Test
    void credentialsThatWaitAreCharged() {
        stage.records.answersByHand();
        CountedLink.open(stage, CREDENTIALS);
        assertThat(stage.budget.heldBytes()).isEqualTo(CREDENTIALS.length);
        stage.turns();
        stage.records.answers();
        stage.turns();
        assertThat(stage.budget.heldBytes()).isEqualTo(CREDENTIALS.length);
    }

    @Test
    void aStoreThatIsDownMakesNobodyWait() {
        stage.records.goesDown();
        stage.turns();
        FakeLink link = stage.open();
        assertThat(link.told).containsExactly("opened"); // at once
        assertThat(stage.count(Metric.OPENED_WITHOUT_RECORD)).isOne();
        assertThat(stage.sessions.unrecordedSize()).isOne();
        assertThat(stage.sessions.isStoreUp()).isFalse();
        assertThat(storage.size()).isZero();
    }

    @Test
    void aStoreThatIsDownRefuses() {
        refuses();
        stage.records.goesDown();
        stage.turns();
        CountedLink link = CountedLink.open(stage, CREDENTIALS);
        assertThat(link.told).containsExactly("refused STORE_AWAY");
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.count(Metric.REFUSED_STORE_AWAY)).isOne();
        assertThat(stage.count(Metric.SESSIONS_OPENED)).isZero();
        stage.records.comesUp();
        stage.turns();
        CountedLink next = CountedLink.open(stage, CREDENTIALS);
        stage.turns();
        assertThat(next.told).containsExactly("opened");
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsAsIfTheStoreWereDown() {
        stage.records.answersByHand();
        FakeLink link = stage.open();
        stage.turns();
        stage.records.performs(); // it was done, and nobody knows
        stage.records.fails(1);
        stage.turns();
        assertThat(link.told).containsExactly("opened");
        assertThat(stage.count(Metric.OPENED_WITHOUT_RECORD)).isOne();
        assertThat(stage.count(Metric.RECORDS_FAILED)).isOne();
        stage.records.answersAtOnce();
        stage.turns();
        assertThat(storage.get(1)).as("the record of an id that nobody has").isNull();
        assertThat(link.id).isEqualTo(2);
    }

    @Test
    void anAnswerThatDoesNotComeInTimeRefuses() {
        refuses();
        stage.records.answersByHand();
        CountedLink link = CountedLink.open(stage, CREDENTIALS);
        stage.turns();
        stage.records.performs();
        stage.records.fails(1);
        stage.turns();
        assertThat(link.told).containsExactly("refused STORE_AWAY");
        stage.records.answersAtOnce();
        stage.turns();
        assertThat(storage.size()).isZero();
        assertThat(stage.budget.heldBytes()).isZero();
    }

    @Test
    void aStoreThatGoesDownMeanwhileLetsThemGoOn() {
        stage.records.answersByHand();
        FakeLink link = stage.open();
        stage.turns();
        stage.records.goesDown();
        stage.turns();
        assertThat(link.told).containsExactly("opened");
    }

    @Test
    void anIdThatAnotherServersSessionHasIsReplaced() {
        storage.open(B, new StoreEvents(Runnable::run)).put(List.of(new StoredRecord(1, 1, B, new byte[1], 60_000)));
        FakeLink link = stage.open();
        stage.turns();
        assertThat(link.told).containsExactly("opened");
        assertThat(link.id).isEqualTo(2);
        assertThat(storage.get(1).owner()).isEqualTo(B);
        assertThat(storage.get(2).owner()).isEqualTo(A);
    }

    @Test
    void aServerThatStopsMeanwhileOpensNothing() {
        stage.records.answersByHand();
        CountedLink link = CountedLink.open(stage, CREDENTIALS);
        stage.turns();
        boolean[] hasEnded = {false};
        stage.sessions.stop(() -> hasEnded[0] = true);
        assertThat(link.told).containsExactly("refused STOPPING");
        assertThat(hasEnded[0]).isTrue();
        assertThat(stage.records.calls()).as("asked before the loop ends").containsExactly("put 1", "forget 1");
        stage.records.answersAtOnce();
        stage.turns();
        assertThat(link.told).containsExactly("refused STOPPING");
        assertThat(storage.size()).isZero();
    }

    @Test
    void aServerThatDrainsMeanwhileOpensNothing() {
        stage.records.answersByHand();
        CountedLink link = CountedLink.open(stage, CREDENTIALS);
        stage.turns();
        stage.sessions.drain(0, Duration.ofSeconds(1).toNanos()).close();
        assertThat(link.told).containsExactly("refused DRAINING");
        assertThat(stage.count(Metric.REFUSED_DRAINING)).isOne();
        stage.turns();
        stage.records.answersAtOnce();
        stage.turns();
        assertThat(storage.size()).isZero();
    }

    @Test
    void aServerThatEndsMeanwhileKeepsNothing() {
        stage.records.answersByHand();
        CountedLink.open(stage, CREDENTIALS);
        stage.turns();
        stage.sessions.release();
        assertThat(stage.budget.heldBytes()).isZero();
    }

    @Test
    void overItsBoundTheStoreCountsAsAway() {
        stage.records.answersByHand();
        for (int i = 0; i < Openings.MAX_WAITING; i++) {
            stage.open();
        }
        stage.turns();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.open().told).containsExactly("opened");
        assertThat(stage.count(Metric.OPENED_WITHOUT_RECORD)).isOne();
        stage.records.answers();
        stage.turns();
        assertThat(stage.sessions.size()).isEqualTo(Openings.MAX_WAITING + 1);
        assertThat(stage.sessions.unrecordedSize()).isOne();
    }

    @Test
    void sessionsThatNeverWaitForTheirClientsHaveNoRecord() {
        stage.close();
        stage = new Stage(Stage.staleBounds(Duration.ZERO, 100), storage, A, WhenAway.REFUSE);
        assertThat(stage.open().told).containsExactly("opened");
        stage.turns();
        assertThat(storage.size()).isZero();
    }

    @Test
    void withoutAStoreNothingWaits() {
        try (Stage plain = new Stage()) {
            FakeLink link = plain.open();
            assertThat(link.told).containsExactly("opened");
            assertThat(plain.loopTasks).isEmpty();
            assertThat(plain.sessions.unrecordedSize()).isZero();
            assertThat(plain.sessions.isStoreUp()).isTrue();
        }
    }
}
