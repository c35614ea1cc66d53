package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session of version 3: what it keeps until its client acknowledges it, and the counts with which it is resumed. */
@ExtendWith(LeakCheck.class)
final class UnacknowledgedTest {
    private static SessionSettings keeps(long packets, long bytes) {
        return new SessionSettings(
                Stage.STALE_TIMEOUT.toNanos(), 100, 0, new QueueBounds(0, 0), new QueueBounds(packets, bytes), false);
    }

    @Test
    void aResumeBringsWhatTheClientHasNotHad() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage).sends("hello").sends("there");
            stage.data(link.id, "one", "two", "three", "four");
            link.acknowledges(1);
            link.isLost();
            stage.data(link.id, "five");
            CountedLink next = link.resume(2, 2);
            assertThat(next.told).containsExactly("resumed [three, four, five] from 3, accepted 2, acknowledged 2");
            assertThat(stage.count(Metric.UNACKNOWLEDGED_RESENT)).isEqualTo(2);
            assertThat(stage.count(Metric.MISSED_KEPT)).isOne();
            assertThat(stage.count(Metric.MISSED_REPLAYED)).isOne();
        }
    }

    @Test
    void nothingIsKeptOnceAllIsAcknowledged() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage);
            stage.data(link.id, "one", "two");
            link.acknowledges(2);
            link.isLost();
            assertThat(stage.budget.heldBytes()).isZero();
            assertThat(link.resume(2, 1).told).containsExactly("resumed [] from 3, accepted 0, acknowledged 0");
        }
    }

    @Test
    void whatComesWhileTheLinkIsTakenAwayFollowsWhatItGivesBack() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage);
            stage.data(link.id, "one", "two");
            link.breaks();
            stage.data(link.id, "three");
            CountedLink next = link.resume(1, 1);
            stage.data(link.id, "four");
            assertThat(next.told).isEmpty();
            link.answers();
            stage.data(link.id, "five");
            assertThat(next.told)
                    .containsExactly("resumed [two, three, four] from 2, accepted 0, acknowledged 0", "deliver five");
        }
    }

    @Test
    void aTakeoverCountsWhatTheOldLinkHasStillRead() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage).sends("one");
            CountedLink next = link.resume(0, 1);
            link.sends("two").sends("three"); // was on its way between the loops
            assertThat(link.told).contains("detach GIVE_BACK");
            link.answers();
            assertThat(next.told).containsExactly("resumed [] from 1, accepted 3, acknowledged 3");
            next.sends("four");
            next.isLost();
            assertThat(next.resume(0, 5).told).containsExactly("resumed [] from 1, accepted 4, acknowledged 4");
        }
    }

    @Test
    void whatIsResentIsKeptAgain() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage);
            stage.data(link.id, "one", "two");
            link.isLost();
            CountedLink second = link.resume(0, 1);
            second.isLost();
            CountedLink third = second.resume(1, 1);
            assertThat(third.told).containsExactly("resumed [two] from 2, accepted 0, acknowledged 0");
            third.acknowledges(2);
            third.isLost();
            assertThat(third.resume(2, 1).told).containsExactly("resumed [] from 3, accepted 0, acknowledged 0");
        }
    }

    @Test
    void aLinkThatNeverCameGivesNothingBack() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage);
            stage.data(link.id, "one", "two");
            CountedLink next = link.resume(1, 1);
            next.breaks(); // before the old one was detached
            link.answers();
            next.answers();
            assertThat(link.resume(0, 1).told).containsExactly("resumed [one, two] from 1, accepted 0, acknowledged 0");
        }
    }

    // ---- gaps

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "2, 1",
        "3, 1",
        "4, 1", // from what was acknowledged up to all that was ever meant for it
        "2, 2",
        "2, 3" // keeps the first that was not read
    })
    void historiesThatFitAreResumed(long received, long kept) {
        try (Stage stage = new Stage()) {
            CountedLink link = withHistory(stage);
            assertThat(link.resume(received, kept).told)
                    .singleElement()
                    .asString()
                    .startsWith("resumed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1", // below what it acknowledged
        "5, 1", // beyond what was ever meant for it
        "2, 0", // there is no packet 0
        "2, 4", // gave away what was never read
        "9007199254740991, 1",
        "1, 9007199254740991"
    })
    void aGapEndsTheSession(long received, long kept) {
        try (Stage stage = new Stage()) {
            CountedLink link = withHistory(stage);
            assertThat(link.resume(received, kept).told).containsExactly("refused GAP");
            assertThat(stage.sessions.size()).isZero();
            assertThat(stage.master.told).last().isEqualTo("Failure 1 Gap");
            assertThat(stage.count(Metric.ENDED_GAP)).isOne();
            assertThat(stage.count(Metric.SESSIONS_RESUMED)).isZero();
            assertThat(stage.budget.heldBytes()).isZero();
        }
    }

    /** A session whose client has acknowledged 1 of 4 packets, and has sent 2. */
    private static CountedLink withHistory(Stage stage) {
        CountedLink link = CountedLink.open(stage).sends("hello").sends("there");
        stage.data(link.id, "one", "two", "three");
        link.acknowledges(1);
        link.isLost();
        stage.data(link.id, "four");
        return link;
    }

    @Test
    void aGapIsFoundOnceTheOldLinkHasToldWhatItsClientHad() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "one", "two");
            CountedLink next = link.resume(1, 1);
            link.acknowledges(2); // was on its way when its client claimed to have had only one
            assertThat(next.told).isEmpty();
            link.answers();
            assertThat(next.told).containsExactly("refused GAP");
            assertThat(stage.sessions.size()).isZero();
            assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Gap");
        }
    }

    @Test
    void aKickBeforeTheGapWasFoundEndsTheSessionOnce() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            CountedLink next = link.resume(1, 1);
            stage.sessions.kick(link.id, Bytes.utf8("out"));
            link.answers();
            assertThat(next.told).containsExactly("refused GAP");
            assertThat(stage.sessions.size()).isZero();
            assertThat(stage.master.told).hasSize(2).last().asString().startsWith("Failure 1");
        }
    }

    // ---- bounds

    @Test
    void asManyAsTheBoundAreKept() {
        try (Stage stage = new Stage(keeps(3, 1_000))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "one", "two");
            link.isLost();
            stage.data(link.id, "three");
            assertThat(stage.sessions.size()).isOne();
            stage.data(link.id, "four");
            assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Missed packets overflow");
            assertThat(stage.count(Metric.MISSED_DROPPED)).isOne();
        }
    }

    @Test
    void bytesAreBoundedWithTheirPrefixes() {
        try (Stage stage = new Stage(keeps(100, 2 * (5 + 10)))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "0123456789");
            link.isLost();
            stage.data(link.id, "0123456789");
            assertThat(stage.sessions.size()).isOne();
            stage.data(link.id, "");
            assertThat(stage.sessions.size()).isZero();
        }
    }

    @Test
    void onePacketAlwaysFitsIntoAnEmptyStore() {
        try (Stage stage = new Stage(keeps(1, 1))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            link.isLost();
            stage.data(link.id, "much longer than the bound");
            assertThat(stage.sessions.size()).isOne();
            stage.data(link.id, "");
            assertThat(stage.sessions.size()).isZero();
        }
    }

    @Test
    void theBoundHoldsOverAllResumes() {
        try (Stage stage = new Stage(keeps(3, 1_000))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            link.isLost();
            stage.data(link.id, "one", "two", "three");
            CountedLink next = link.resume(1, 2);
            next.isLost();
            stage.data(link.id, "four");
            assertThat(stage.sessions.size()).isOne();
            stage.data(link.id, "five");
            assertThat(stage.sessions.size()).isZero();
        }
    }

    /** Packets that were on their way to the link when it was lost: the link no longer judges them. */
    @Test
    void aLinkThatGivesBackTooMuchFailsTheSession() {
        try (Stage stage = new Stage(keeps(3, 1_000))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "one", "two", "three");
            link.breaks();
            stage.data(link.id, "four");
            link.answers();
            assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Missed packets overflow");
        }
    }

    @Test
    void whatIsExcusedCountsAgainstNoBound() {
        try (Stage stage = new Stage(keeps(3, 1_000))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "one", "two", "three", "four", "five");
            link.excused = 5;
            link.isLost();
            stage.data(link.id, "six", "seven", "eight");
            assertThat(stage.sessions.size()).isOne();
            CountedLink next = link.resume(2, 2);
            assertThat(next.excused).isEqualTo(3);
            next.isLost();
            stage.data(link.id, "nine");
            assertThat(stage.sessions.size()).isZero();
        }
    }

    @Test
    void theMissedPacketsBufferIsVersion2sAlone() {
        try (Stage stage = new Stage(Stage.missedBounds(0, 0))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            link.isLost();
            stage.data(link.id, "one", "two");
            assertThat(link.resume(0, 1).told).containsExactly("resumed [one, two] from 1, accepted 1, acknowledged 1");
        }
    }

    // ---- what the master is told of acknowledgements

    @Test
    void theMasterIsToldWhatTheClientHasHadAlsoWhereItsAcknowledgementDiedWithItsLink() {
        try (Stage stage = new Stage()) {
            stage.master.wantsDelivered = true;
            CountedLink link = CountedLink.open(stage);
            stage.data(link.id, "one", "two", "three");
            stage.sessions.acknowledged(link, 1);
            link.acknowledges(1);
            link.isLost();
            CountedLink next = link.resume(3, 1);
            assertThat(stage.master.deliveredSoFar).containsExactly(1L, 3L);
            next.isLost();
            next.resume(3, 1);
            assertThat(stage.master.deliveredSoFar).as("nothing new").containsExactly(1L, 3L);
        }
    }

    @Test
    void aMasterThatDoesNotWantToKnowIsNotTold() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage);
            stage.data(link.id, "one");
            link.isLost();
            link.resume(1, 1);
            assertThat(stage.master.deliveredSoFar).isEmpty();
        }
    }

    // ---- what the master acknowledges

    @Test
    void aMasterThatAcknowledgesIsPassedOn() {
        try (Stage stage = new Stage()) {
            stage.master.acknowledges = true;
            CountedLink link = CountedLink.open(stage).sends("one").sends("two").sends("three");
            stage.acknowledge(link.id, 2);
            assertThat(link.told).containsExactly("opened", "acknowledged 2");
            link.isLost();
            CountedLink next = link.resume(0, 3);
            assertThat(next.told).containsExactly("resumed [] from 1, accepted 3, acknowledged 2");
            next.isLost();
            stage.acknowledge(link.id, 3); // while it is stale
            assertThat(next.resume(0, 3).told).containsExactly("resumed [] from 1, accepted 3, acknowledged 3");
        }
    }

    // ---- how much is kept

    @Test
    void theMasterIsToldOfHalfTheBoundAndOfAQuarter() {
        try (Stage stage = new Stage(keeps(8, 1_000))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "1", "2");
            link.isLost();
            stage.data(link.id, "3");
            assertThat(stage.master.paced).isEmpty();
            stage.data(link.id, "4", "5");
            assertThat(stage.master.paced).containsExactly("slow 24");
            CountedLink next = link.resume(1, 2);
            assertThat(stage.master.paced).as("four are more than a quarter").hasSize(1);
            next.acknowledges(2);
            next.isLost();
            assertThat(stage.master.paced).as("three are more than a quarter").hasSize(1);
            next.resume(3, 2);
            assertThat(stage.master.paced).containsExactly("slow 24", "ready 12");
        }
    }

    @Test
    void whatItsLinkKeepsIsToldOnce() {
        try (Stage stage = new Stage(keeps(8, 1_000))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "1", "2", "3", "4");
            stage.sessions.paced(link, true, 24);
            stage.sessions.paced(link, true, 30);
            link.isLost();
            stage.data(link.id, "5");
            CountedLink next = link.resume(4, 2);
            stage.sessions.paced(next, false, 1);
            assertThat(stage.master.paced).containsExactly("slow 24", "ready 6");
        }
    }

    @Test
    void aClientOfVersion2ThatIsBackKeepsNothingAtFirst() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            stage.sessions.paced(link, true, 24);
            link.isLost();
            stage.data(link.id, "missed");
            assertThat(stage.master.paced).containsExactly("slow 24");
            stage.resume(link.id);
            assertThat(stage.master.paced).hasSize(2).last().asString().startsWith("ready");
        }
    }

    @Test
    void anOverflowThatCrossesATakeoverEndsTheSessionOnItsNewLink() {
        try (Stage stage = new Stage(keeps(3, 1_000))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "one", "two", "three", "four");
            CountedLink next = link.resume(0, 1);
            stage.sessions.violated(link, Reason.BUFFER_OVERFLOW); // was under way
            link.answers();
            assertThat(next.told)
                    .containsExactly(
                            "resumed [one, two, three, four] from 1, accepted 1, acknowledged 1",
                            "detach " + Detach.DISCARD + ", Buffer overflow");
            next.answers();
            assertThat(stage.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
        }
    }

    @Test
    void aClientThatReturnsWithEnoughTakenOverIsNotEnded() {
        try (Stage stage = new Stage(keeps(3, 1_000))) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "one", "two", "three", "four");
            CountedLink next = link.resume(1, 1);
            stage.sessions.violated(link, Reason.BUFFER_OVERFLOW); // was under way
            link.answers();
            assertThat(next.told).containsExactly("resumed [two, three, four] from 2, accepted 1, acknowledged 1");
        }
    }

    // ---- its end

    @Test
    void theMasterIsToldHowFarTheClientHasAcknowledged() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "one", "two", "three");
            link.acknowledges(2);
            stage.sessions.kick(link.id, Bytes.utf8("out"));
            assertThat(link.told).last().isEqualTo("detach DELIVER, Client kickedout");
            link.answers();
            assertThat(stage.master.delivered).containsExactly(2L);
        }
    }

    @Test
    void anOverflowDiscardsWhatIsKept() {
        try (Stage stage = new Stage()) {
            CountedLink link = CountedLink.open(stage).sends("hello");
            stage.data(link.id, "one");
            stage.sessions.violated(link, Reason.BUFFER_OVERFLOW);
            assertThat(link.told).last().isEqualTo("detach " + Detach.DISCARD + ", Buffer overflow");
            link.answers();
            assertThat(stage.sessions.size()).isZero();
        }
    }
}
