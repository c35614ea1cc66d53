package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An orderly stop ends every session, in whatever state, and says when it has. */
@ExtendWith(LeakCheck.class)
final class StoppingTest {
    private final Stage stage = new Stage();
    private int timesEnded;

    @AfterEach
    void end() {
        stage.close();
    }

    private void stop() {
        stage.sessions.stop(() -> {
            timesEnded++;
            stage.master.told.add("all ended");
        });
    }

    @Test
    void withoutSessionsItIsDoneAtOnce() {
        stop();
        assertThat(timesEnded).isOne();
    }

    @Test
    void aLiveClientGetsWhatWasSentBefore() {
        FakeLink link = stage.openHeard();
        stage.data(link.id, "before");
        stop();
        stage.data(link.id, "after");
        assertThat(timesEnded).isZero();
        link.sends("last words").answers();
        assertThat(link.taken).containsExactly("before");
        assertThat(stage.master.told)
                .containsExactly(
                        "Data 1 hello",
                        "Data 1 last words",
                        "Failure 1 Server stopping",
                        "Failure 1 Client not found",
                        "all ended");
    }

    @Test
    void aStaleSessionEndsAtOnceAndTheEndIsToldOnce() {
        stage.openHeard().isLost();
        stage.openHeard().isLost();
        stop();
        assertThat(stage.master.told.subList(2, stage.master.told.size()))
                .containsExactlyInAnyOrder("Failure 1 Server stopping", "Failure 2 Server stopping", "all ended")
                .endsWith("all ended");
        assertThat(timesEnded).isOne();
    }

    @Test
    void aSessionWhoseLostLinkHasNotAnsweredEndsWhenItHas() {
        FakeLink link = stage.openHeard();
        link.breaks();
        stop();
        assertThat(timesEnded).isZero();
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Server stopping", "all ended");
    }

    @Test
    void aTakeoverIsFinishedFirst() {
        FakeLink old = stage.openHeard();
        stage.data(old.id, "left");
        FakeLink next = stage.resume(old.id);
        stop();
        old.answers();
        assertThat(next.told).containsExactly("resumed [left]", "detach DELIVER");
        assertThat(timesEnded).isZero();
        next.answers();
        assertThat(stage.master.told)
                .containsExactly("Data 1 hello", "Reconnection 1", "Failure 1 Server stopping", "all ended");
    }

    @Test
    void aTakeoverWhoseNewLinkIsLostEndsWithTheOldOne() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        stop();
        next.isLost();
        old.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Server stopping", "all ended");
    }

    @Test
    void aSessionThatIsEndingAlreadyKeepsItsReason() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        stop();
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client kicked", "all ended");
    }

    @Test
    void nothingIsOpenedOrResumedAnyMore() {
        FakeLink link = stage.openHeard();
        stop();
        assertThat(stage.open().told).containsExactly("refused");
        assertThat(stage.resume(link.id).told).containsExactly("refused");
        link.answers();
        assertThat(stage.open().told).containsExactly("refused");
        assertThat(stage.sessions.size()).isZero();
        assertThat(timesEnded).isOne();
    }

    @Test
    void theEndIsToldWhenTheLastHasEnded() {
        FakeLink one = stage.openHeard();
        FakeLink two = stage.open();
        stop();
        one.answers();
        assertThat(timesEnded).isZero();
        two.answers();
        assertThat(timesEnded).isOne();
    }

    @Test
    void onceReleasedNothingIsKeptWhateverStillComes() {
        FakeLink missing = stage.openHeard();
        missing.isLost();
        stage.data(missing.id, "missed");
        FakeLink live = stage.openHeard();
        stage.data(live.id, "left");
        stage.sessions.release();
        live.isLost();
        assertThat(stage.budget.heldBytes()).isZero();
    }
}
