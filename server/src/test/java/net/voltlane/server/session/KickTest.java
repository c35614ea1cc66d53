package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.protocol.Reason;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The master ends a session, in every state that it can be in. */
@ExtendWith(LeakCheck.class)
final class KickTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aLiveClientGetsWhatWasSentBeforeAndNothingAfter() {
        FakeLink link = stage.openHeard();
        stage.data(link.id, "before", "the kick");
        stage.sessions.kick(link.id);
        stage.data(link.id, "after");
        link.answers();
        assertThat(link.taken).containsExactly("before", "the kick");
        assertThat(link.told).last().isEqualTo("detach DELIVER");
    }

    @Test
    void aKickSaysWhetherItEndsASession() {
        assertThat(stage.sessions.kick(77)).as("there is none").isFalse();
        FakeLink link = stage.openHeard();
        assertThat(stage.sessions.kick(link.id)).isTrue();
        assertThat(stage.sessions.kick(link.id)).as("its end is decided").isFalse();
        link.answers();
        assertThat(stage.sessions.kick(link.id)).as("it has ended").isFalse();
        FakeLink stale = stage.openHeard();
        stale.isLost();
        assertThat(stage.sessions.kick(stale.id)).isTrue();
    }

    @Test
    void aServerThatHasEndedKicksNobody() {
        FakeLink link = stage.openHeard();
        stage.sessions.release();
        assertThat(stage.sessions.kick(link.id)).isFalse();
        assertThat(link.told).containsExactly("opened");
        assertThat(stage.master.told).containsExactly("Data 1 hello");
    }

    @Test
    void aKickedSessionCanNotBeResumed() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        assertThat(stage.find(link.id)).isNull();
        assertThat(stage.resume(link.id).told).containsExactly("refused");
        link.answers();
        assertThat(stage.resume(link.id).told).containsExactly("refused");
    }

    @Test
    void aStaleSessionEndsAtOnce() {
        FakeLink link = stage.openHeard();
        link.isLost();
        stage.data(link.id, "missed");
        stage.sessions.kick(link.id);
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client kicked");
        assertThat(stage.sessions.staleSize()).isZero();
        assertThat(stage.sessions.size()).isZero();
    }

    @Test
    void aSessionWhoseLostLinkHasNotAnsweredEndsWhenItHas() {
        FakeLink link = stage.openHeard();
        stage.data(link.id, "left");
        link.breaks();
        stage.data(link.id, "missed");
        stage.sessions.kick(link.id);
        assertThat(stage.resume(link.id).told).containsExactly("refused");
        link.sends("last words").answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Data 1 last words", "Failure 1 Client kicked");
    }

    @Test
    void theLossOfALinkThatCrossesTheKickChangesNothing() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        link.breaks();
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client kicked");
        assertThat(stage.sessions.staleSize()).isZero();
    }

    @Test
    void duringATakeoverTheNewLinkFirstGetsWhatWasSentBefore() {
        FakeLink old = stage.openHeard();
        stage.data(old.id, "left");
        FakeLink next = stage.resume(old.id);
        stage.data(old.id, "meanwhile");
        stage.sessions.kick(old.id);
        old.answers();
        assertThat(next.told).containsExactly("resumed [left, meanwhile]", "detach DELIVER");
        next.answers();
        assertThat(next.taken).containsExactly("left", "meanwhile");
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Reconnection 1", "Failure 1 Client kicked");
    }

    @Test
    void duringATakeoverNothingThatComesAfterTheKickIsDelivered() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stage.data(old.id, "before");
        stage.sessions.kick(old.id);
        stage.data(old.id, "after");
        old.answers();
        next.answers();
        assertThat(next.taken).containsExactly("before");
        assertThat(stage.master.told)
                .containsExactly(
                        "Data 1 hello", "Reconnection 1", "Failure 1 Client kicked", "Failure 1 Client not found");
    }

    @Test
    void duringATakeoverNobodyElseCanResumeAfterTheKick() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stage.sessions.kick(old.id);
        assertThat(stage.resume(old.id).told).containsExactly("refused");
        old.answers();
        assertThat(next.told).containsExactly("resumed []", "detach DELIVER");
    }

    @Test
    void duringATakeoverAViolationThatComesAfterTheKickCostsTheNewLinkNothing() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stage.data(old.id, "before");
        stage.sessions.kick(old.id);
        old.violates(Reason.FRAME_TOO_LARGE);
        old.answers();
        next.answers();
        assertThat(next.taken).containsExactly("before");
        assertThat(stage.master.told).endsWith("Failure 1 Client kicked");
    }

    @Test
    void duringATakeoverTheLossOfTheNewLinkEndsTheSession() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stage.sessions.kick(old.id);
        next.isLost();
        assertThat(stage.resume(old.id).told).containsExactly("refused");
        old.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client kicked");
        assertThat(stage.sessions.size()).isZero();
    }

    @Test
    void theSecondKickIsAKickForNobody() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stage.sessions.kick(old.id);
        stage.sessions.kick(old.id);
        old.answers();
        stage.sessions.kick(old.id);
        next.answers();
        stage.sessions.kick(old.id);
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Reconnection 1", "Failure 1 Client kicked");
        assertThat(next.told).containsExactly("resumed []", "detach DELIVER");
    }
}
