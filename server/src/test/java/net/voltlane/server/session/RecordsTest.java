package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.voltlane.proof.SessionKey;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.RecordCodec;
import net.voltlane.server.store.RecordSeal;
import net.voltlane.server.store.SessionSecrets;
import net.voltlane.server.store.StoredRecord;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The records of sessions through their lives, and when the store is away. */
@ExtendWith(LeakCheck.class)
final class RecordsTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final long STALE_MILLIS = Stage.STALE_TIMEOUT.toMillis(); // 10 s
    private static final Duration CYCLE = Duration.ofSeconds(10);
    private static final long LIVE_MILLIS = STALE_MILLIS + 2 * CYCLE.toMillis();

    private final FakeStorage storage = new FakeStorage();
    private final Stage stage = new Stage(Stage.ROOMY, storage, A, WhenAway.CONTINUE);
    private final RecordCodec codec = new RecordCodec(RecordSeal.ofRecords(new byte[32], new SecureRandom()));

    @AfterEach
    void end() {
        stage.close();
    }

    // ---- what is in a record

    @Test
    void aRecordHoldsWhatAnotherServerNeeds() throws Exception {
        byte[] credentials = "alice".getBytes(StandardCharsets.UTF_8);
        CountedLink link = CountedLink.open(stage, credentials);
        stage.turns();
        StoredRecord record = record(link.id);
        SessionSecrets secrets = codec.open(link.id, record.sealed());
        assertThat(secrets.clientProtocol()).isEqualTo(3);
        assertThat(secrets.clientKey()).containsExactly(7, 5, 3, 2);
        assertThat(secrets.credentials()).isEqualTo(credentials);
        assertThat(secrets.sessionKey()).isNull();
        assertThat(secrets.attributes()).isEmpty();
        FakeLink other = openRecorded();
        assertThat(codec.open(other.id, record(other.id).sealed()).clientProtocol())
                .isEqualTo(2);
    }

    @Test
    void aRecordThatIsWrittenAgainHoldsTheKeyThatIsKnownByThen() throws Exception {
        byte[] clientKey = {7, 5, 3, 2};
        CountedLink link = CountedLink.open(stage, clientKey, null);
        stage.turns();
        SessionKey key = SessionKey.of(new byte[32]);
        stage.sessions.sessionKeyComputed(link.id, clientKey, key);
        stage.records.comesUp();
        stage.turns();
        assertThat(codec.open(link.id, record(link.id).sealed()).sessionKey()).isEqualTo(key.bytes());
    }

    // ---- the life of a session

    @Test
    void aRecordIsKeptForTheStaleTimeAndTwoCycles() {
        FakeLink link = openRecorded();
        assertThat(storage.keptMillis(link.id)).isEqualTo(LIVE_MILLIS);
    }

    @Test
    void aStaleSessionsRecordIsKeptForExactlyTheRest() {
        FakeLink link = openRecorded();
        link.breaks();
        passes(Duration.ofSeconds(3)); // the link takes its time to be detached
        link.answers();
        stage.turns();
        assertThat(storage.keptMillis(link.id)).isEqualTo(STALE_MILLIS - 3_000);
        stage.resume(link.id);
        stage.turns();
        assertThat(storage.keptMillis(link.id)).isEqualTo(LIVE_MILLIS);
    }

    @Test
    void manyLossesOfOneTurnAreOneCall() {
        List<FakeLink> links = List.of(openRecorded(), openRecorded(), openRecorded());
        stage.records.calls();
        links.forEach(FakeLink::isLost);
        stage.resume(links.get(1).id);
        stage.turns();
        assertThat(stage.records.calls()).containsExactly("keep 3");
        assertThat(storage.keptMillis(links.get(0).id)).isEqualTo(STALE_MILLIS);
        assertThat(storage.keptMillis(links.get(1).id)).as("the last word").isEqualTo(LIVE_MILLIS);
    }

    @Test
    void aMoveBetweenLinksNeedsNoCall() {
        FakeLink link = openRecorded();
        stage.records.calls();
        stage.resume(link.id);
        link.answers();
        stage.turns();
        assertThat(stage.records.calls()).isEmpty();
    }

    @Test
    void everyEndForgetsTheRecord() {
        FakeLink kicked = openRecorded();
        FakeLink left = openRecorded();
        FakeLink violating = openRecorded();
        FakeLink overdue = openRecorded();
        FakeLink stale = openRecorded();
        stage.sessions.kick(kicked.id);
        kicked.answers();
        stage.sessions.left(left);
        left.answers();
        violating.violates(Reason.FRAME_TOO_LARGE);
        violating.answers();
        overdue.isLost();
        stage.turns();
        assertThat(storage.size()).isEqualTo(2);
        stage.clock.advance(Stage.STALE_TIMEOUT); // time of the server's: the store has its own
        stage.sessions.reap();
        stage.turns();
        assertThat(storage.size()).isOne();
        stale.isLost();
        stage.sessions.settings(Stage.staleBounds(Stage.STALE_TIMEOUT, 0)); // evicted
        stage.turns();
        assertThat(storage.size()).isZero();
        assertThat(stage.sessions.unrecordedSize()).isZero();
    }

    @Test
    void memorySheddingForgetsTheRecord() {
        FakeLink link = openRecorded();
        link.held = Long.MAX_VALUE / 4;
        stage.budget.limit(1);
        stage.budget.charge(100);
        stage.sessions.shed();
        link.answers();
        stage.budget.charge(-100);
        stage.turns();
        assertThat(storage.size()).isZero();
    }

    /** So a server can be restarted in order, and its clients go on at it or at another one. */
    @Test
    void anOrderlyStopLeavesSessionsToTheirRecords() {
        FakeLink live = openRecorded();
        FakeLink stale = openRecorded();
        stale.isLost();
        stage.turns();
        stage.master.life.clear();
        boolean[] hasEnded = {false};
        stage.sessions.stop(() -> hasEnded[0] = true);
        assertThat(live.told).last().isEqualTo("detach GIVE_BACK");
        live.answers();
        stage.turns();
        assertThat(hasEnded[0]).isTrue();
        assertThat(stage.master.life).as("nothing has ended").isEmpty();
        assertThat(storage.keptMillis(live.id)).isGreaterThanOrEqualTo(STALE_MILLIS);
        assertThat(storage.keptMillis(stale.id)).isEqualTo(STALE_MILLIS);
    }

    @Test
    void anOrderlyStopEndsSessionsWithoutARecord() {
        FakeLink kicked = openRecorded();
        stage.records.goesDown();
        stage.turns();
        FakeLink unrecorded = stage.open();
        stage.sessions.kick(kicked.id);
        stage.master.life.clear();
        stage.sessions.stop(() -> {});
        assertThat(unrecorded.told).last().isEqualTo("detach DELIVER");
        unrecorded.answers();
        kicked.answers();
        assertThat(stage.master.life).hasSize(2).allMatch(told -> told.startsWith("ended"));
    }

    /** The loop may run no more behind that. */
    @Test
    void anOrderlyStopForgetsWhatHasEndedBeforeItIsOver() {
        FakeLink kicked = openRecorded();
        stage.sessions.kick(kicked.id);
        List<Integer> atTheEnd = new ArrayList<>();
        stage.sessions.stop(() -> atTheEnd.add(storage.size()));
        kicked.answers();
        assertThat(atTheEnd).containsExactly(0);
    }

    @Test
    void aDrainLeavesSessionsToTheirRecords() {
        FakeLink live = openRecorded();
        FakeLink stale = openRecorded();
        stale.isLost();
        stage.turns();
        stage.master.life.clear();
        SessionDrain drain = stage.sessions.drain(0, Duration.ofSeconds(1).toNanos());
        drain.step(1);
        live.answers();
        stage.turns();
        assertThat(drain.step(2)).isTrue();
        drain.close();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.master.life).isEmpty();
        assertThat(storage.size()).isEqualTo(2);
    }

    @Test
    void aSessionThatEndsBeforeItsTimeIsToldIsOnlyForgotten() {
        FakeLink link = openRecorded();
        stage.records.calls();
        link.isLost();
        stage.sessions.kick(link.id);
        stage.turns();
        assertThat(stage.records.calls()).containsExactly("forget 1");
    }

    // ---- renewal

    @Test
    void eachRecordIsRenewedWithinACycle() {
        for (int i = 0; i < 100; i++) {
            openRecorded();
        }
        stage.records.calls();
        for (int tenth = 0; tenth < 100; tenth++) {
            passes(Duration.ofMillis(100));
            stage.sessions.renewRecords();
            stage.turns();
        }
        assertThat(stage.records.calls()).hasSize(100).containsOnly("keep 1");
        for (long id = 1; id <= 100; id++) {
            assertThat(storage.keptMillis(id)).isGreaterThanOrEqualTo(LIVE_MILLIS - CYCLE.toMillis());
        }
    }

    @Test
    void noRecordRunsOutThoughSessionsComeAndGo() {
        List<FakeLink> links = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            links.add(openRecorded());
        }
        for (int step = 0; step < 600; step++) {
            passes(Duration.ofMillis(100));
            stage.sessions.renewRecords();
            stage.turns();
            if (step % 7 == 0) {
                FakeLink ended = links.remove(step * 31 % links.size());
                stage.sessions.kick(ended.id);
                ended.answers();
            }
            if (step % 200 == 0) {
                for (int i = 0; i < 300; i++) {
                    links.add(openRecorded());
                }
            }
            for (FakeLink link : links) {
                assertThat(storage.keptMillis(link.id)).isGreaterThanOrEqualTo(STALE_MILLIS);
            }
        }
        assertThat(storage.size()).isEqualTo(links.size());
    }

    @Test
    void theLastSessionThatIsLeftIsRenewedOnceInACycle() {
        FakeLink link = openRecorded();
        stage.records.calls();
        for (int tenth = 0; tenth < 300; tenth++) {
            passes(Duration.ofMillis(100));
            stage.sessions.renewRecords();
            stage.turns();
            assertThat(storage.keptMillis(link.id)).isGreaterThanOrEqualTo(LIVE_MILLIS - CYCLE.toMillis());
        }
        assertThat(stage.records.calls()).hasSize(3);
    }

    @Test
    void aStaleSessionIsRenewedForItsRestAlone() {
        FakeLink link = openRecorded();
        link.isLost();
        stage.turns();
        passes(Duration.ofSeconds(9));
        stage.sessions.renewRecords();
        passes(Duration.ofMillis(500));
        stage.sessions.renewRecords();
        stage.turns();
        assertThat(storage.keptMillis(link.id)).isEqualTo(500);
    }

    /** A time that could not be told may be over: what is there again is a record, not only its time. */
    @Test
    void aRenewalThatFailedIsMadeUpForByWritingAgain() {
        FakeLink link = openRecorded();
        link.isLost();
        stage.turns();
        stage.records.failsNext(1);
        stage.resume(link.id);
        stage.turns();
        assertThat(stage.sessions.unrecordedSize()).isOne();
        assertThat(stage.count(Metric.RECORDS_FAILED)).isOne();
        storage.passes(Stage.STALE_TIMEOUT);
        assertThat(storage.get(link.id)).isNull();
        aCyclePasses();
        assertThat(storage.keptMillis(link.id)).isEqualTo(LIVE_MILLIS);
        assertThat(stage.sessions.unrecordedSize()).isZero();
    }

    @Test
    void oneFailedRenewalDoesNotEndASessionAtAStop() {
        FakeLink link = openRecorded();
        stage.records.failsNext(1);
        aCyclePasses();
        assertThat(stage.sessions.unrecordedSize()).isZero();
        stage.sessions.stop(() -> {});
        link.answers();
        stage.turns();
        assertThat(stage.master.life).noneMatch(told -> told.startsWith("ended"));
        assertThat(storage.keptMillis(link.id)).isGreaterThanOrEqualTo(STALE_MILLIS);
    }

    @Test
    void aSecondFailedRenewalLeavesTheRecordUncertain() {
        openRecorded();
        stage.records.failsNext(2);
        aCyclePasses();
        aCyclePasses();
        assertThat(stage.sessions.unrecordedSize()).isOne();
        aCyclePasses();
        assertThat(stage.sessions.unrecordedSize()).isZero();
    }

    @Test
    void theRecordOfASessionThatHasJustComeBackMayRunOutBeforeTheNextCycle() {
        FakeLink link = openRecorded();
        link.isLost();
        stage.turns();
        stage.records.failsNext(1);
        stage.resume(link.id);
        stage.turns();
        assertThat(stage.sessions.unrecordedSize()).isOne();
    }

    @Test
    void aRecordThatTheStoreHasThrownAwayIsWrittenAgain() {
        FakeLink link = openRecorded();
        storage.losesRecords();
        assertThat(storage.get(link.id)).isNull();
        aCyclePasses();
        assertThat(storage.get(link.id)).isNotNull();
        assertThat(stage.sessions.unrecordedSize()).isZero();
    }

    @Test
    void whatCouldNotBeForgottenIsForgottenLater() {
        FakeLink link = openRecorded();
        stage.records.failsNext(1);
        stage.sessions.kick(link.id);
        link.answers();
        stage.turns();
        assertThat(storage.get(link.id)).isNotNull();
        stage.sessions.renewRecords();
        stage.turns();
        assertThat(storage.get(link.id)).isNull();
    }

    @Test
    void changedSettingsChangeTheTime() {
        FakeLink link = openRecorded();
        stage.sessions.settings(Stage.staleBounds(Duration.ofSeconds(100), 100));
        passes(Duration.ofSeconds(50)); // half of the stale time is a cycle
        assertThat(storage.get(link.id))
                .as("it ran out, as no server was there to renew it")
                .isNull();
        stage.sessions.renewRecords();
        stage.turns();
        assertThat(storage.keptMillis(link.id)).isEqualTo(200_000);
    }

    @Test
    void aStaleTimeWithoutEndIsAYear() {
        try (Stage endless =
                new Stage(Stage.staleBounds(Duration.ofNanos(Long.MAX_VALUE), 100), storage, B, WhenAway.CONTINUE)) {
            FakeLink link = endless.open();
            endless.turns();
            long year = Duration.ofDays(365).toMillis();
            assertThat(storage.keptMillis(link.id))
                    .isEqualTo(year + Duration.ofHours(2).toMillis());
            link.isLost();
            endless.turns();
            assertThat(storage.keptMillis(link.id)).isEqualTo(year);
        }
    }

    // ---- the store goes and comes back

    @Test
    void whileTheStoreIsAwayNothingIsAsked() {
        FakeLink link = openRecorded();
        FakeLink kicked = openRecorded();
        stage.records.goesDown();
        stage.turns();
        stage.records.calls();
        link.isLost();
        stage.resume(link.id);
        stage.sessions.kick(kicked.id);
        kicked.answers();
        aCyclePasses();
        assertThat(stage.records.calls()).isEmpty();
    }

    @Test
    void aStoreThatIsBackGetsAllSessionsAgain() {
        List<FakeLink> links = new ArrayList<>();
        int count = 2 * Records.SLICE + 100;
        for (int i = 0; i < count; i++) {
            links.add(openRecorded());
        }
        FakeLink kicked = links.remove(0);
        FakeLink stale = links.get(5);
        stage.records.goesDown();
        stage.turns();
        storage.forgetsSinceMark(); // it is empty
        stage.sessions.kick(kicked.id);
        kicked.answers();
        stale.isLost();
        passes(Duration.ofSeconds(4));
        FakeLink opened = stage.open();
        stage.records.answersByHand();
        stage.records.calls();
        stage.records.comesUp();
        stage.turns();
        assertThat(stage.records.calls()).as("one slice at a time").containsExactly("put " + Records.SLICE);
        assertThat(stage.sessions.unrecordedSize()).isEqualTo(count);
        stage.records.answersAtOnce();
        stage.turns();
        assertThat(stage.records.calls()).containsExactly("put " + Records.SLICE, "put 100");
        links.add(opened);
        assertThat(links).allSatisfy(link -> assertThat(record(link.id).owner()).isEqualTo(A));
        assertThat(storage.size()).isEqualTo(count);
        assertThat(storage.keptMillis(stale.id)).isEqualTo(STALE_MILLIS - 4_000);
        assertThat(storage.keptMillis(opened.id)).isEqualTo(LIVE_MILLIS);
        assertThat(stage.sessions.unrecordedSize()).isZero();
    }

    @Test
    void whatEndedMeanwhileIsForgottenOnceTheStoreIsBack() {
        FakeLink kicked = openRecorded();
        stage.records.goesDown();
        stage.turns();
        stage.sessions.kick(kicked.id);
        kicked.answers();
        stage.turns();
        stage.records.comesUp();
        stage.turns();
        stage.sessions.renewRecords();
        stage.turns();
        assertThat(storage.size()).isZero();
    }

    @Test
    void aStoreThatGoesAgainWhileAllIsWrittenBeginsAnew() {
        for (int i = 0; i < 3 * Records.SLICE; i++) {
            openRecorded();
        }
        stage.records.answersByHand();
        stage.records.comesUp();
        stage.turns();
        stage.records.goesDown();
        stage.turns();
        storage.forgetsSinceMark();
        stage.records.answersAtOnce();
        stage.turns();
        assertThat(storage.size()).isZero();
        stage.records.comesUp();
        stage.turns();
        assertThat(storage.size()).isEqualTo(3 * Records.SLICE);
        assertThat(stage.sessions.unrecordedSize()).isZero();
    }

    /** The answer is of a store that has been away since, and may have lost what it had taken. */
    @Test
    void anAnswerOfBeforeAnOutageCountsForNothing() {
        stage.records.answersByHand();
        FakeLink link = stage.open();
        stage.turns();
        stage.records.answers();
        stage.records.comesUp(); // told behind the answer, and seen with it
        storage.forgetsSinceMark();
        stage.records.answersAtOnce();
        Runnable answer = stage.loopTasks.remove();
        stage.loopTasks.remove().run(); // that it is up
        answer.run();
        assertThat(link.told).containsExactly("opened");
        assertThat(stage.sessions.unrecordedSize()).isOne();
        aCyclePasses();
        assertThat(storage.get(link.id)).isNotNull();
        assertThat(stage.sessions.unrecordedSize()).isZero();
    }

    @Test
    void aSliceThatFailsDoesNotStopTheOthers() {
        for (int i = 0; i < 3 * Records.SLICE; i++) {
            openRecorded();
        }
        storage.forgetsSinceMark();
        stage.records.failsNext(1);
        stage.records.comesUp();
        stage.turns();
        assertThat(storage.size()).isEqualTo(2 * Records.SLICE);
        assertThat(stage.sessions.unrecordedSize()).isEqualTo(Records.SLICE);
        aCyclePasses();
        assertThat(storage.size()).isEqualTo(3 * Records.SLICE);
    }

    // ----

    private FakeLink openRecorded() {
        FakeLink link = stage.open();
        stage.turns();
        return link;
    }

    private StoredRecord record(long id) {
        return Objects.requireNonNull(storage.get(id));
    }

    private void passes(Duration time) {
        stage.clock.advance(time);
        storage.passes(time);
    }

    private void aCyclePasses() {
        stage.clock.advance(CYCLE);
        stage.sessions.renewRecords();
        stage.turns();
    }
}
