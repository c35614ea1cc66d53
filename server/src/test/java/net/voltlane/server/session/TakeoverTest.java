package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A link that has proved itself takes a session over while the old link still looks alive. */
@ExtendWith(LeakCheck.class)
final class TakeoverTest {
    private static final long ANY = 1_000_000;

    private final Stage stage = new Stage(Stage.missedBounds(2, ANY));

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void theOldLinkIsDetachedFirst() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        assertThat(old.told).containsExactly("opened", "detach GIVE_BACK");
        assertThat(next.told).isEmpty();
        assertThat(stage.master.told).containsExactly("Data 1 hello");
        assertThat(stage.count(Metric.SESSIONS_TAKEN_OVER)).isZero();
        old.answers();
        assertThat(stage.count(Metric.SESSIONS_TAKEN_OVER)).isOne();
        assertThat(stage.count(Metric.SESSIONS_RESUMED)).isZero();
    }

    @Test
    void reconnectionComesAfterAllThatTheOldLinkRead() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        old.sends("last words").answers();
        next.sends("first words");
        assertThat(stage.master.told)
                .containsExactly("Data 1 hello", "Data 1 last words", "Reconnection 1", "Data 1 first words");
    }

    @Test
    void theFirstPacketOfTheOldLinkMayCrossTheTakeover() {
        FakeLink old = stage.open();
        FakeLink next = stage.resume(old.id);
        old.sends("crossing").answers();
        stage.sessions.kick(old.id);
        next.answers();
        assertThat(stage.master.told).containsExactly("Data 1 crossing", "Reconnection 1", "Failure 1 Client kicked");
    }

    @Test
    void theNewLinkGetsTheLeftoversThenWhatCameMeanwhileThenWhatIsNew() {
        FakeLink old = stage.openHeard();
        stage.data(old.id, "taken", "left", "left too");
        old.takes(1);
        FakeLink next = stage.resume(old.id);
        stage.data(old.id, "meanwhile");
        old.answers();
        stage.data(old.id, "new");
        assertThat(next.told).containsExactly("resumed [left, left too, meanwhile]", "deliver new");
        assertThat(old.told)
                .as("nothing is delivered on the old link any more")
                .last()
                .isEqualTo("detach GIVE_BACK");
    }

    @Test
    void whatComesMeanwhileIsNotMissedAndCountsAgainstNoBound() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stage.data(old.id, "one", "two", "three", "four");
        old.answers();
        assertThat(next.told).containsExactly("resumed [one, two, three, four]");
    }

    @Test
    void anotherLinkThatHasProvedItselfTakesThePlaceOfTheFirst() {
        FakeLink old = stage.openHeard();
        FakeLink first = stage.resume(old.id);
        stage.data(old.id, "meanwhile");
        FakeLink second = stage.resume(old.id);
        old.answers();
        assertThat(first.told).containsExactly("refused");
        assertThat(second.told).containsExactly("resumed [meanwhile]");
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Reconnection 1");
    }

    @Test
    void theLossOfALinkThatWasSupersededConcernsNobody() {
        FakeLink old = stage.openHeard();
        FakeLink first = stage.resume(old.id);
        FakeLink second = stage.resume(old.id);
        first.breaks();
        old.answers();
        first.breaks();
        assertThat(first.told).containsExactly("refused");
        assertThat(second.told).as("neither before nor after").containsExactly("resumed []");
        assertThat(stage.sessions.staleSize()).isZero();
    }

    @Test
    void aTakeoverCanBeTakenOver() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        old.answers();
        FakeLink third = stage.resume(old.id);
        next.answers();
        assertThat(next.told).containsExactly("resumed []", "detach GIVE_BACK");
        assertThat(third.told).containsExactly("resumed []");
    }

    @Test
    void theLossOfTheOldLinkMeanwhileChangesNothing() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        old.breaks();
        old.answers();
        assertThat(next.told).containsExactly("resumed []");
        assertThat(stage.sessions.staleSize()).isZero();
    }

    @Test
    void aNewLinkThatIsLostBeforeItGotTheSessionLeavesItStale() {
        FakeLink old = stage.openHeard();
        stage.data(old.id, "left");
        FakeLink next = stage.resume(old.id);
        stage.data(old.id, "meanwhile");
        next.isLost();
        assertThat(next.told).containsExactly("detach DISCARD");
        old.answers();
        assertThat(stage.sessions.staleSize()).isOne();
        assertThat(stage.master.told).as("nobody has come back").containsExactly("Data 1 hello");
        assertThat(stage.resume(old.id).told).containsExactly("resumed [left, meanwhile]");
    }

    @Test
    void afterThatTheStaleTimeRunsFromTheLossOfTheNewLink() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stage.passes(Stage.STALE_TIMEOUT);
        next.isLost();
        old.answers();
        stage.passes(Stage.STALE_TIMEOUT.minusNanos(1));
        stage.sessions.reap();
        assertThat(stage.sessions.staleSize()).isOne();
        stage.passes(Duration.ofNanos(1));
        stage.sessions.reap();
        assertThat(stage.sessions.staleSize()).isZero();
    }

    @Test
    void afterThatAnotherLinkCanStillComeBeforeTheOldOneHasAnswered() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        next.isLost();
        FakeLink third = stage.resume(old.id);
        old.answers();
        assertThat(third.told).containsExactly("resumed []");
    }

    @Test
    void whatCameWhileTheNewLinkWaitedIsLikeALeftoverOfIt() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stage.data(old.id, "one", "two", "three");
        next.isLost();
        stage.data(old.id, "four", "five"); // as many as may be missed
        old.answers();
        assertThat(stage.resume(old.id).told).containsExactly("resumed [one, two, three, four, five]");
    }

    @Test
    void whatWasMissedBeforeTheNewLinkCameStillCounts() {
        FakeLink old = stage.openHeard();
        old.breaks();
        stage.data(old.id, "one");
        FakeLink next = stage.resume(old.id);
        stage.data(old.id, "two");
        next.isLost();
        stage.data(old.id, "three");
        assertThat(stage.find(old.id)).as("two of two are missed").isNotNull();
        stage.data(old.id, "four");
        old.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Missed packets overflow");
    }

    @Test
    void anOverflowOfTheOldLinkMeanwhileEndsNothing() {
        FakeLink old = stage.openHeard();
        stage.data(old.id, "much", "more");
        FakeLink next = stage.resume(old.id);
        old.violates(Reason.BUFFER_OVERFLOW);
        old.answers();
        assertThat(next.told).containsExactly("resumed [much, more]");
    }

    @Test
    void aViolationOnTheOldLinkMeanwhileEndsTheSession() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        old.violates(Reason.FRAME_TOO_LARGE);
        assertThat(next.told).containsExactly("refused");
        next.breaks();
        old.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Frame too large");
        assertThat(stage.sessions.size()).isZero();
    }

    @Test
    void theNewLinkLivesOnLikeAnyOther() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        old.answers();
        old.violates(Reason.FRAME_TOO_LARGE); // what the old one still says concerns nobody
        old.breaks();
        next.isLost();
        assertThat(stage.sessions.staleSize()).isOne();
        stage.data(old.id, "missed");
        assertThat(stage.resume(old.id).told).containsExactly("resumed [missed]");
    }

    @Test
    void theNewLinkIsAskedOnceAndSeesTheLinkThatItReplaces() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        assertThat(next.asked).containsExactly(old);
        assertThat(stage.resume(old.id).asked).as("the newest counts").containsExactly(next);
    }

    @Test
    void itSeesNoneWhereTheSessionHasNone() {
        FakeLink old = stage.openHeard();
        old.isLost();
        assertThat(stage.resume(old.id).asked).as("a stale session").containsExactly((ClientPort) null);
        assertThat(stage.resume(4711).asked).as("an unknown id").containsExactly((ClientPort) null);
        FakeLink forger = new FakeLink(stage);
        stage.sessions.resume(forger, Stage.unproved(old.id));
        assertThat(forger.asked).as("another's session").containsExactly((ClientPort) null);
    }

    @Test
    void aSessionWhoseEndIsDecidedGivesUpNoLink() {
        FakeLink kicked = stage.openHeard();
        ResumeToken token = stage.find(kicked.id);
        stage.sessions.kick(kicked.id);
        FakeLink late = new FakeLink(stage);
        stage.sessions.resume(late, token);
        assertThat(late.asked).containsExactly((ClientPort) null);
        kicked.answers();
    }

    @Test
    void aLinkThatIsTurnedAwayChangesNothing() {
        FakeLink old = stage.openHeard();
        FakeLink turnedAway = new FakeLink(stage);
        turnedAway.mayResume = false;
        stage.sessions.resume(turnedAway, stage.find(old.id));
        turnedAway.breaks();
        stage.data(old.id, "still yours");
        assertThat(turnedAway.told).isEmpty();
        assertThat(old.told).containsExactly("opened", "deliver still yours");
        assertThat(stage.count(Metric.SESSIONS_TAKEN_OVER) + stage.count(Metric.RESUMES_REFUSED))
                .isZero();
    }
}
