package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.voltlane.protocol.Limits;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.RecordSeal;
import net.voltlane.server.store.StoredRecord;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that come to a server which does not know their sessions: each arrow of the drawing at {@link FormerServer}. */
@ExtendWith(LeakCheck.class)
final class AdoptionTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final String C = "c".repeat(32);
    private static final byte[] CREDENTIALS = "alice".getBytes(StandardCharsets.UTF_8);

    private final FakeStorage storage = new FakeStorage();
    private final Stage a = new Stage(Stage.ROOMY, storage, A, WhenAway.CONTINUE);
    private final Stage b = new Stage(Stage.ROOMY, storage, B, WhenAway.CONTINUE);
    private CountedLink first;
    private long id;

    @BeforeEach
    void open() {
        for (Stage stage : new Stage[] {a, b}) {
            stage.master.adopts = MasterPort.Adopts.ANSWERS;
            stage.master.acknowledges = true;
        }
        first = CountedLink.open(a, CREDENTIALS);
        a.turns();
        id = first.id;
    }

    @AfterEach
    void end() {
        a.close();
        b.close();
    }

    /** The client has had 2 packets, and keeps its own from number 3 on. */
    private CountedLink comesToB() {
        return first.resumeAt(b, 2, 3);
    }

    private void position(long taken, long next, long epoch) {
        b.sessions.position(id, taken, next, epoch);
    }

    private void tenSecondsPass() {
        b.passes(Duration.ofSeconds(10));
        b.sessions.renewRecords();
        b.turns();
    }

    @Test
    void aRecordThatIsNotThereMayBeWrittenAgainBehindTheStoresReturn() {
        b.records.goesDown();
        storage.forgetsAll();
        b.records.comesUp();
        b.turns();
        assertThat(comesToB().told).containsExactly("unavailable"); // server A has not found the store again
        a.records.goesDown();
        a.records.comesUp();
        a.turns();
        assertThat(comesToB().told).isEmpty(); // it waits for the master
        assertThat(b.master.life).containsExactly("adopted 1, epoch 2, up 3, down 3");
    }

    @Test
    void laterARecordThatIsNotThereIsGone() {
        b.records.goesDown();
        storage.forgetsAll();
        b.records.comesUp();
        b.turns();
        tenSecondsPass();
        assertThat(comesToB().told).containsExactly("not found");
    }

    @Test
    void theMastersCountsAreThoseOfTheSession() {
        CountedLink link = comesToB();
        assertThat(b.master.life).containsExactly("adopted 1, epoch 2, up 3, down 3");
        assertThat(link.told).isEmpty();
        assertThat(Objects.requireNonNull(storage.get(id)).owner()).isEqualTo(B);
        position(5, 3, 2);
        assertThat(link.told).containsExactly("resumed [] from 3, accepted 5, acknowledged 2");
        b.data(id, "third");
        assertThat(link.told).endsWith("deliver third");
        assertThat(b.master.life).hasSize(1);
        assertThat(b.master.subject(id).credentials()).isEqualTo(CREDENTIALS);
        assertThat(b.count(Metric.SESSIONS_ADOPTED)).isOne();
    }

    @Test
    void theFormerServerLetsTheSessionGoAndTellsNobody() {
        a.passes(Duration.ofSeconds(30));
        comesToB();
        a.turns();
        assertThat(first.told).containsExactly("opened", "detach GIVE_BACK");
        first.answers();
        assertThat(a.sessions.size()).isZero();
        assertThat(a.master.life).hasSize(1);
        assertThat(a.master.letGo).containsExactly(1L);
        assertThat(a.count(Metric.SESSIONS_LET_GO)).isOne();
    }

    @Test
    void dataOfAnEarlierTimeIsDropped() {
        CountedLink link = comesToB();
        b.data(id, "of an earlier time");
        position(5, 3, 2);
        assertThat(link.told).containsExactly("resumed [] from 3, accepted 5, acknowledged 2");
        assertThat(b.count(Metric.NOT_FOUND_DROPPED)).isOne();
    }

    @Test
    void theAnswerToAnEarlierAdoptionIsSkipped() {
        CountedLink link = comesToB();
        position(4, 3, 1);
        assertThat(link.told).isEmpty();
        position(5, 3, 2);
        assertThat(link.told).hasSize(1);
    }

    @Test
    void aMasterThatHasHadLessThanTheClientNoLongerKeepsIsAGap() {
        CountedLink link = comesToB();
        position(1, 3, 2);
        assertThat(link.told).containsExactly("refused GAP");
        assertThat(b.master.life.get(1)).startsWith("ended 1 Gap");
        b.turns();
        assertThat(storage.get(id)).isNull();
    }

    @Test
    void anOldLinkOfAClientThatHasGotOnElsewhereIsToldToComeAgain() {
        CountedLink link = comesToB();
        position(5, 4, 2); // its client has acknowledged the third packet on a newer link
        assertThat(link.told).containsExactly("refused STORE_AWAY");
        assertThat(b.sessions.staleSize()).isOne();
        b.data(id, "fourth");
        CountedLink next = link.resumeAt(b, 3, 3);
        assertThat(next.told).containsExactly("resumed [fourth] from 4, accepted 5, acknowledged 2");
    }

    @Test
    void aMasterThatGoesOnTooFarIsAGapForAClientThatLacksWhatIsBetween() {
        CountedLink link = comesToB();
        position(5, 4, 2);
        CountedLink next = link.resumeAt(b, 2, 3);
        assertThat(next.told).containsExactly("refused GAP");
    }

    @Test
    void aMasterThatKeepsTooLittleEndsIt() {
        CountedLink link = comesToB();
        b.sessions.gap(id);
        assertThat(link.told).containsExactly("refused GAP");
        assertThat(b.sessions.size()).isZero();
    }

    @Test
    void aLinkThatIsLostMeanwhileLeavesAStaleSession() {
        CountedLink link = comesToB();
        link.breaks();
        link.answers();
        position(5, 3, 2);
        assertThat(b.sessions.staleSize()).isOne();
        assertThat(b.master.life).hasSize(2);
        assertThat(b.master.life.get(1)).startsWith("suspended 1");
        b.data(id, "third");
        CountedLink next = link.resumeAt(b, 2, 3);
        assertThat(next.told).containsExactly("resumed [third] from 3, accepted 5, acknowledged 2");
    }

    @Test
    void aLinkThatIsLostDuringTheClaimLeavesAStaleSessionToo() {
        b.records.answersByHand();
        CountedLink link = comesToB();
        b.records.answers();
        b.turns();
        link.breaks();
        assertThat(link.told).containsExactly("refused UNKNOWN");
        b.records.answers();
        b.turns();
        assertThat(b.master.life).containsExactly("adopted 1, epoch 2, up 3, down 3");
        position(5, 3, 2);
        assertThat(b.sessions.staleSize()).isOne();
    }

    @Test
    void theNewestOfTwoLinksGetsTheSession() {
        CountedLink earlier = comesToB();
        CountedLink later = earlier.resumeAt(b, 2, 3);
        assertThat(earlier.told).containsExactly("refused TAKEN_OVER");
        position(5, 3, 2);
        assertThat(later.told).containsExactly("resumed [] from 3, accepted 5, acknowledged 2");
        assertThat(b.master.life.get(1)).startsWith("resumed 1");
    }

    @Test
    void aKickWaitsForWhatWasSentBefore() {
        CountedLink link = comesToB();
        b.sessions.kick(id);
        assertThat(link.told).isEmpty();
        position(5, 3, 2);
        assertThat(link.told.get(0)).startsWith("resumed");
        assertThat(link.told.get(1)).isEqualTo("detach DELIVER, Client kicked");
    }

    @Test
    void aKickOfASessionWithoutALinkWaitsForNothing() {
        CountedLink link = comesToB();
        b.sessions.kick(id);
        link.breaks();
        assertThat(b.sessions.size()).isZero();
        assertThat(b.master.life.get(1)).startsWith("ended 1 Client kicked");
    }

    @Test
    void aStopLeavesTheSessionInTheStoreInTime() {
        CountedLink link = comesToB();
        boolean[] isOver = new boolean[1];
        b.sessions.stop(() -> isOver[0] = true);
        tenSecondsPass();
        assertThat(isOver[0]).isTrue();
        assertThat(link.told).containsExactly("refused STORE_AWAY");
    }

    @Test
    void aDrainingServerAdoptsNothing() {
        b.sessions.drain(0, 1_000_000_000L).close();
        CountedLink link = comesToB();
        assertThat(link.told).containsExactly("refused DRAINING");
        assertThat(Objects.requireNonNull(storage.get(id)).owner()).isEqualTo(A);
    }

    @Test
    void anAnswerThatDoesNotComeSendsTheClientAwayForAWhile() {
        CountedLink link = comesToB();
        tenSecondsPass();
        assertThat(link.told).containsExactly("refused STORE_AWAY");
        assertThat(b.sessions.staleSize()).isOne();
        b.data(id, "of an earlier time");
        position(5, 3, 2);
        b.data(id, "third");
        CountedLink next = link.resumeAt(b, 2, 3);
        assertThat(next.told).containsExactly("resumed [third] from 3, accepted 5, acknowledged 2");
    }

    @Test
    void aSecondAttemptWaitsForTheFirstOnesAnswer() {
        CountedLink link = comesToB();
        tenSecondsPass();
        CountedLink next = link.resumeAt(b, 2, 3);
        assertThat(next.told).isEmpty();
        assertThat(b.master.life.stream().filter(event -> event.startsWith("adopted")))
                .hasSize(1);
        position(5, 3, 2);
        assertThat(next.told).containsExactly("resumed [] from 3, accepted 5, acknowledged 2");
    }

    @Test
    void aMasterThatNeverAnswersIsAskedAnewInTheEnd() {
        CountedLink link = comesToB();
        tenSecondsPass();
        CountedLink second = link.resumeAt(b, 2, 3);
        tenSecondsPass();
        assertThat(second.told).containsExactly("refused STORE_AWAY");
        assertThat(b.sessions.size()).isZero();
        assertThat(b.master.life.stream().filter(event -> event.startsWith("ended")))
                .isEmpty();
        CountedLink third = link.resumeAt(b, 2, 3);
        assertThat(b.master.life).endsWith("adopted 1, epoch 3, up 3, down 3");
        position(5, 3, 2);
        assertThat(third.told).as("the answer to what was asked first").isEmpty();
        position(5, 3, 3);
        assertThat(third.told).containsExactly("resumed [] from 3, accepted 5, acknowledged 2");
    }

    @Test
    void withoutAMasterItWaits() {
        b.master.adopts = MasterPort.Adopts.UNKNOWN;
        CountedLink link = comesToB();
        assertThat(b.master.life).isEmpty();
        b.master.adopts = MasterPort.Adopts.ANSWERS;
        b.sessions.masterReached();
        assertThat(b.master.life).containsExactly("adopted 1, epoch 2, up 3, down 3");
        position(5, 3, 2);
        assertThat(link.told).hasSize(1);
    }

    @Test
    void aMasterThatTakesNoPartLeavesTheClientsCounts() {
        b.master.adopts = MasterPort.Adopts.IS_SILENT;
        CountedLink link = comesToB();
        assertThat(link.told).containsExactly("resumed [] from 3, accepted 2, acknowledged 2");
        assertThat(b.master.life).containsExactly("adopted 1, epoch 2");
    }

    @Test
    void aFirehoseOfVersion2HearsOfAReconnection() {
        b.master.adopts = MasterPort.Adopts.IS_SILENT;
        b.master.acknowledges = false;
        comesToB();
        assertThat(b.master.told).containsExactly("Reconnection 1");
    }

    @Test
    void aSessionThatTheMasterHasElsewhereIsClaimedAgain() {
        CountedLink link = comesToB();
        b.sessions.elsewhere(id, 7);
        b.turns();
        assertThat(b.master.life)
                .containsExactly("adopted 1, epoch 2, up 3, down 3", "adopted 1, epoch 8, up 3, down 3");
        assertThat(Objects.requireNonNull(storage.get(id)).epoch()).isEqualTo(8);
        position(4, 3, 2);
        assertThat(link.told).isEmpty();
        position(5, 3, 8);
        assertThat(link.told).containsExactly("resumed [] from 3, accepted 5, acknowledged 2");
    }

    @Test
    void whatTheMasterSaidOfAnEarlierTimeIsSkipped() {
        comesToB();
        b.sessions.elsewhere(id, 1);
        b.turns();
        assertThat(b.master.life).hasSize(1);
        position(5, 3, 2);
        b.sessions.elsewhere(id, 1);
        assertThat(b.sessions.size()).isOne();
    }

    @Test
    void withoutItsClientASessionThatIsElsewhereIsLetGo() {
        CountedLink link = comesToB();
        link.breaks();
        b.sessions.elsewhere(id, 3);
        assertThat(b.sessions.size()).isZero();
        assertThat(b.master.letGo).containsExactly(1L);
    }

    @Test
    void aLiveSessionThatIsElsewhereIsLetGo() {
        a.passes(Duration.ofSeconds(30));
        a.sessions.elsewhere(id, 2);
        assertThat(first.told).endsWith("detach GIVE_BACK");
        first.answers();
        assertThat(a.master.letGo).containsExactly(1L);
    }

    @Test
    void whileTheStoreIsDownTheClientOfALetGoSessionMayComeAgain() {
        a.passes(Duration.ofSeconds(30));
        a.records.goesDown();
        a.turns();
        a.sessions.elsewhere(id, 2);
        assertThat(first.told).endsWith("detach for now GIVE_BACK");
    }

    @Test
    void aLinkThatHasJustComeIsNotSentAwayForGood() {
        CountedLink link = comesToB();
        position(5, 3, 2);
        b.sessions.elsewhere(id, 3);
        assertThat(link.told).endsWith("detach for now GIVE_BACK");
    }

    @Test
    void aClientThatHasHadMoreThanThisServerKnowsIsAdoptedAnew() {
        CountedLink link = comesToB();
        link.breaks();
        link.answers();
        position(5, 3, 2);
        CountedLink next = link.resumeAt(b, 9, 7); // it was at another server, of which nobody told
        assertThat(next.told).isEmpty();
        assertThat(b.master.life).endsWith("adopted 1, epoch 3, up 7, down 10");
        position(8, 10, 3);
        assertThat(next.told).containsExactly("resumed [] from 10, accepted 8, acknowledged 6");
    }

    @Test
    void ofTwoServersOneGetsTheSession() {
        Stage c = new Stage(Stage.ROOMY, storage, C, WhenAway.CONTINUE);
        c.master.adopts = MasterPort.Adopts.ANSWERS;
        b.records.answersByHand();
        CountedLink atB = comesToB();
        b.records.answers();
        b.turns(); // challenged and proved
        CountedLink atC = first.resumeAt(c, 2, 3);
        assertThat(c.master.life).hasSize(1);
        b.records.answers();
        b.turns();
        assertThat(atB.told)
                .as("its client may have no other link by now, and comes again")
                .containsExactly("refused STORE_AWAY");
        assertThat(b.count(Metric.RESUMES_OVERTAKEN)).isOne();
        assertThat(b.sessions.size()).isZero();
        assertThat(atC.told).isEmpty();
        c.close();
    }

    @Test
    void aStoreThatIsAwayIsNoEndOfTheSession() {
        b.records.goesDown();
        b.turns();
        assertThat(comesToB().told).containsExactly("unavailable");
        b.records.comesUp();
        b.turns();
        b.records.failsNext(1);
        assertThat(comesToB().told).containsExactly("unavailable");
    }

    @Test
    void aClaimThatFailsIsNoEndOfTheSession() {
        b.records.answersByHand();
        CountedLink link = comesToB();
        b.records.answers();
        b.turns();
        b.records.fails(1);
        b.turns();
        assertThat(link.told).containsExactly("refused STORE_AWAY");
        assertThat(b.count(Metric.ADOPTIONS_UNAVAILABLE)).isOne();
    }

    @Test
    void onlySoManyQuestionsWait() {
        b.records.answersByHand();
        for (int i = 0; i < StoreQuestions.MOST; i++) {
            assertThat(comesToB().told).isEmpty();
        }
        assertThat(comesToB().told).containsExactly("unavailable");
        b.records.answersAtOnce();
        b.turns();
    }

    @Test
    void anUnknownIdIsNotFound() {
        first.id = 4711;
        assertThat(comesToB().told).containsExactly("not found");
    }

    @Test
    void aRecordThatThisServerCannotReadIsNoEndOfTheSession() {
        StoredRecord there = Objects.requireNonNull(storage.get(id));
        byte[] changed = there.sealed().clone();
        changed[changed.length - 1] ^= 1;
        a.records.put(List.of(new StoredRecord(id, 1, A, changed, 60_000)));
        assertThat(comesToB().told).containsExactly("unavailable");
        assertThat(b.count(Metric.RECORDS_UNREADABLE)).isOne();
    }

    @Test
    void aRecordWhoseEpochCanNotRiseIsLeftAlone() {
        StoredRecord there = Objects.requireNonNull(storage.get(id));
        a.records.put(List.of(new StoredRecord(id, Limits.MAX_COUNT, A, there.sealed(), 60_000)));
        assertThat(comesToB().told).containsExactly("unavailable");
        assertThat(b.master.life).isEmpty();
    }

    @Test
    void aSessionOfAnotherVersionIsNotFound() {
        FakeLink other = new FakeLink(a);
        other.id = id;
        assertThat(other.resumeAt(b).told).containsExactly("not found");
    }

    // ---- clients of version 2

    private void handOver() {
        for (Stage stage : new Stage[] {a, b}) {
            stage.sessions.handsOver(RecordSeal.ofHandOvers(new byte[32], new SecureRandom()));
        }
    }

    private FakeLink version2() {
        FakeLink link = a.open();
        a.turns();
        return link;
    }

    @Test
    void aClientOfVersion2GetsWhatItsServerStillKept() {
        handOver();
        a.records.fleet().beat(A, new byte[0], 60_000);
        FakeLink link = version2().sends("one").sends("two");
        a.data(link.id, "x", "y", "z");
        link.takes(1);
        b.passes(Duration.ofSeconds(30));
        FakeLink next = link.resumeAt(b);
        a.turns();
        link.answers();
        b.turns();
        assertThat(b.master.life).containsExactly("adopted 2, epoch 2, up 3, down 4");
        b.sessions.position(link.id, 2, 4, 2);
        assertThat(next.told).containsExactly("resumed [y, z]");
        assertThat(a.count(Metric.PACKETS_HANDED_OVER)).isEqualTo(2);
    }

    @Test
    void aClientOfVersion2GetsWhatAServerHasLeftThatHasStoppedInOrder() {
        handOver();
        FakeLink link = version2().sends("one");
        a.data(link.id, "x", "y");
        link.takes(1);
        a.sessions.stop(() -> {});
        link.answers();
        first.answers();
        a.turns();
        FakeLink next = link.resumeAt(b);
        b.sessions.position(link.id, 1, 3, 2);
        assertThat(next.told).containsExactly("resumed [y]");
    }

    @Test
    void aClientOfVersion2GoesOnWithoutIfItsServerIsDead() {
        handOver();
        FakeLink link = version2().sends("one");
        FakeLink next = link.resumeAt(b);
        storage.passes(Duration.ofMillis(1)); // one look, as it is not in the fleet
        b.turns();
        assertThat(b.master.life).containsExactly("adopted 2, epoch 2, up 0, down 0");
        b.sessions.position(link.id, 7, 9, 2);
        assertThat(next.told).containsExactly("resumed []");
        assertThat(b.master.subject(link.id).takenUp()).isEqualTo(7);
        assertThat(b.master.subject(link.id).nextDown()).isEqualTo(9);
        a.turns();
        link.answers();
    }

    @Test
    void aServerThatStopsDoesNotEndWhatAnotherOneHas() {
        comesToB();
        a.turns();
        first.answers();
        a.sessions.stop(() -> {});
        a.turns();
        assertThat(storage.get(id)).isNotNull();
        assertThat(a.master.life.stream().filter(event -> event.contains("ended")))
                .isEmpty();
    }
}
