package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client comes back to a stale session. */
@ExtendWith(LeakCheck.class)
final class ResumeTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void reconnectionComesBeforeTheDataThatFollows() {
        FakeLink link = stage.openHeard();
        link.isLost();
        stage.resume(link.id).sends("again");
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Reconnection 1", "Data 1 again");
    }

    @Test
    void reconnectionIsToldBeforeTheLinkMaySpeak() {
        FakeLink link = stage.openHeard();
        link.isLost();
        ResumeToken token = stage.find(link.id);
        assertThat(token).isNotNull();
        FakeLink eager = new FakeLink(stage) {
            @Override
            protected void resumed(Resumption point) {
                super.resumed(point);
                sends("at once");
            }
        };
        stage.sessions.resume(eager, token);
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Reconnection 1", "Data 1 at once");
    }

    @Test
    void whatIsNewFollowsWhatWasMissed() {
        FakeLink link = stage.openHeard();
        link.isLost();
        stage.data(link.id, "missed");
        FakeLink next = stage.resume(link.id);
        stage.data(link.id, "new");
        assertThat(next.told).containsExactly("resumed [missed]", "deliver new");
        assertThat(stage.sessions.staleSize()).isZero();
        assertThat(stage.count(Metric.SESSIONS_RESUMED)).isOne();
        assertThat(stage.count(Metric.SESSIONS_TAKEN_OVER)).isZero();
    }

    @Test
    void packetsThatAreKeptAreCountedAndThenEitherReplayedOrDropped() {
        FakeLink link = stage.openHeard();
        link.isLost();
        stage.data(link.id, "first");
        stage.data(link.id, "second");
        assertThat(stage.count(Metric.MISSED_KEPT)).isEqualTo(2);
        assertThat(stage.count(Metric.MISSED_REPLAYED)).isZero();
        stage.resume(link.id).isLost();
        assertThat(stage.count(Metric.MISSED_REPLAYED)).isEqualTo(2);
        stage.data(link.id, "third");
        stage.sessions.kick(link.id);
        assertThat(stage.count(Metric.MISSED_KEPT)).isEqualTo(3);
        assertThat(stage.count(Metric.MISSED_REPLAYED)).isEqualTo(2);
        assertThat(stage.count(Metric.MISSED_DROPPED)).isOne();
    }

    @Test
    void aSessionThatTheMasterNeverHeardOfComesBackAndEndsWithoutAWord() {
        FakeLink link = stage.open();
        link.isLost();
        FakeLink next = stage.resume(link.id);
        assertThat(next.told).containsExactly("resumed []");
        stage.sessions.kick(link.id);
        next.answers();
        assertThat(stage.count(Metric.SESSIONS_RESUMED)).isOne();
        assertThat(stage.master.told).isEmpty();
    }

    @Test
    void theFirstPacketOfASessionThatCameBackInSilenceIsItsBeginning() {
        FakeLink link = stage.open();
        link.isLost();
        FakeLink next = stage.resume(link.id).sends("hello");
        next.isLost();
        stage.resume(link.id);
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Reconnection 1");
    }

    @Test
    void whatAnOldLinkSaysForTheFirstTimeWhileItIsTakenOverComesBeforeTheReconnection() {
        FakeLink link = stage.open();
        FakeLink next = stage.resume(link.id);
        link.sends("crossing").answers();
        next.sends("again");
        assertThat(stage.master.told).containsExactly("Data 1 crossing", "Reconnection 1", "Data 1 again");
    }

    @Test
    void anAttemptThatProvesNothingChangesNothing() {
        FakeLink link = stage.openHeard();
        link.isLost();
        stage.data(link.id, "missed");
        FakeLink forger = new FakeLink(stage);
        stage.sessions.resume(forger, Stage.unproved(link.id));
        assertThat(forger.told).containsExactly("refused");
        assertThat(stage.sessions.staleSize()).isOne();
        assertThat(stage.master.told).containsExactly("Data 1 hello");
        assertThat(stage.resume(link.id).told).containsExactly("resumed [missed]");
    }

    @Test
    void anAttemptThatProvesNothingDoesNotTouchALiveSession() {
        FakeLink link = stage.openHeard();
        FakeLink forger = new FakeLink(stage);
        stage.sessions.resume(forger, Stage.unproved(link.id));
        assertThat(forger.told).containsExactly("refused");
        stage.data(link.id, "still yours");
        assertThat(link.told).containsExactly("opened", "deliver still yours");
    }

    @Test
    void anUnknownIdIsRefused() {
        assertThat(stage.resume(77).told).containsExactly("refused");
        assertThat(stage.count(Metric.RESUMES_REFUSED)).isOne();
        assertThat(stage.master.told).isEmpty();
    }

    @Test
    void aSessionThatEndedMeanwhileIsRefused() {
        FakeLink link = stage.openHeard();
        link.isLost();
        ResumeToken token = stage.find(link.id);
        assertThat(token).isNotNull();
        stage.sessions.kick(link.id);
        FakeLink late = new FakeLink(stage);
        stage.sessions.resume(late, token);
        assertThat(late.told).containsExactly("refused");
    }

    @Test
    void whatALinkSaysAfterItWasRefusedConcernsNobody() {
        FakeLink link = stage.openHeard();
        FakeLink refused = new FakeLink(stage);
        stage.sessions.resume(refused, Stage.unproved(link.id));
        stage.sessions.firstPacket(refused);
        stage.sessions.blocked(refused);
        stage.sessions.unblocked(refused);
        refused.violates(Reason.FRAME_TOO_LARGE);
        refused.isLost();
        stage.data(link.id, "still yours");
        assertThat(refused.told).containsExactly("refused");
        assertThat(link.told).containsExactly("opened", "deliver still yours");
        assertThat(stage.master.blocked).isFalse();
    }

    @Test
    void aLinkThatDiesWhileItIsResumedGivesBackWhatItGot() {
        FakeLink link = stage.openHeard();
        link.isLost();
        stage.data(link.id, "missed");
        FakeLink next = stage.resume(link.id);
        stage.data(link.id, "new");
        next.isLost();
        assertThat(stage.sessions.staleSize()).isOne();
        assertThat(stage.resume(link.id).told).containsExactly("resumed [missed, new]");
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Reconnection 1", "Reconnection 1");
    }

    @Test
    void aResumeThatComesBeforeTheLostLinkHasAnsweredWaitsForIt() {
        FakeLink link = stage.openHeard();
        stage.data(link.id, "left");
        link.breaks();
        stage.data(link.id, "missed");
        FakeLink next = stage.resume(link.id);
        assertThat(next.told).isEmpty();
        link.sends("last words").answers();
        assertThat(next.told).containsExactly("resumed [left, missed]");
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Data 1 last words", "Reconnection 1");
    }
}
