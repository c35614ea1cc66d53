package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session without a link stays for a time, and a client that comes back within that time resumes it. */
@ExtendWith(LeakCheck.class)
final class StaleTest {
    private static final Duration TINY = Duration.ofNanos(1);

    @Test
    void aLostLinkMakesItsSessionStale() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.breaks();
            assertThat(link.told).containsExactly("opened", "detach GIVE_BACK");
            link.answers();
            assertThat(stage.sessions.staleSize()).isOne();
            assertThat(stage.master.told).as("nothing has ended").containsExactly("Data 1 hello");
            assertThat(stage.count(Metric.LINKS_LOST)).isOne();
        }
    }

    @Test
    void itEndsWhenItsTimeIsOver() {
        try (Stage stage = new Stage()) {
            stage.openHeard().isLost();
            stage.passes(Stage.STALE_TIMEOUT.minus(TINY));
            stage.sessions.reap();
            assertThat(stage.sessions.staleSize()).isOne();
            stage.passes(TINY);
            stage.sessions.reap();
            assertThat(stage.sessions.size()).isZero();
            assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client disconnected");
        }
    }

    @Test
    void reapingEndsAllThatAreOverdueAndNobodyElse() {
        try (Stage stage = new Stage()) {
            stage.openHeard().isLost();
            stage.open().isLost();
            stage.openHeard().isLost();
            stage.passes(Duration.ofSeconds(5));
            stage.openHeard().isLost();
            stage.open().isLost();
            stage.openHeard();
            stage.passes(Duration.ofSeconds(5));
            stage.sessions.reap();
            assertThat(stage.sessions.staleSize())
                    .as("the two of five seconds ago")
                    .isEqualTo(2);
            assertThat(stage.sessions.size()).as("and the live one").isEqualTo(3);
            assertThat(stage.master.told)
                    .contains("Failure 1 Client disconnected", "Failure 3 Client disconnected")
                    .hasSize(4 + 2);
        }
    }

    @Test
    void justInTimeItCanBeResumed() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.passes(Stage.STALE_TIMEOUT.minus(TINY));
            assertThat(stage.resume(link.id).told).containsExactly("resumed []");
        }
    }

    @Test
    void onceOverdueItCanNotEvenBeforeItIsReaped() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.passes(Stage.STALE_TIMEOUT);
            assertThat(stage.find(link.id)).isNull();
            assertThat(stage.resume(link.id).told).containsExactly("refused");
            stage.sessions.reap();
            assertThat(stage.resume(link.id).told).containsExactly("refused");
        }
    }

    @Test
    void aProofThatComesTooLateIsRefusedThoughTheChallengeCameInTime() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.isLost();
            ResumeToken token = stage.find(link.id);
            assertThat(token).isNotNull();
            stage.passes(Stage.STALE_TIMEOUT);
            FakeLink late = new FakeLink(stage);
            stage.sessions.resume(late, token);
            assertThat(late.told).containsExactly("refused");
            assertThat(stage.count(Metric.RESUMES_REFUSED)).isOne();
        }
    }

    @Test
    void theTimeRunsFromTheLossAndNotFromTheDetach() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.breaks();
            stage.passes(Stage.STALE_TIMEOUT.minus(TINY));
            assertThat(stage.find(link.id)).isNotNull();
            stage.passes(TINY);
            assertThat(stage.find(link.id)).isNull();
            link.answers();
            stage.sessions.reap();
            assertThat(stage.sessions.size()).isZero();
        }
    }

    @Test
    void aSlowDetachKeepsNobodyFromBeingReaped() {
        try (Stage stage = new Stage()) {
            FakeLink first = stage.openHeard();
            FakeLink second = stage.openHeard();
            first.breaks();
            stage.passes(Duration.ofSeconds(5));
            second.isLost();
            first.answers();
            stage.passes(Duration.ofSeconds(5));
            stage.sessions.reap();
            assertThat(stage.master.told).endsWith("Failure 1 Client disconnected");
            assertThat(stage.sessions.staleSize()).isOne();
        }
    }

    @Test
    void aResumeStartsTheTimeAnew() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.passes(Duration.ofSeconds(9));
            stage.resume(link.id).isLost();
            stage.passes(Duration.ofSeconds(9));
            stage.sessions.reap();
            assertThat(stage.resume(link.id).told).containsExactly("resumed []");
        }
    }

    @Test
    void aFailedAttemptDoesNotStartTheTimeAnew() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.passes(Duration.ofSeconds(9));
            assertThat(stage.find(link.id)).as("asked for, but never proved").isNotNull();
            stage.passes(Duration.ofSeconds(1));
            stage.sessions.reap();
            assertThat(stage.sessions.size()).isZero();
        }
    }

    @Test
    void withoutStaleTimeALostLinkEndsTheSession() {
        try (Stage stage = new Stage(Stage.staleBounds(Duration.ZERO, 100))) {
            endsWithItsLink(stage);
        }
    }

    @Test
    void withoutRoomForStaleSessionsALostLinkEndsTheSession() {
        try (Stage stage = new Stage(Stage.staleBounds(Stage.STALE_TIMEOUT, 0))) {
            endsWithItsLink(stage);
        }
    }

    private static void endsWithItsLink(Stage stage) {
        FakeLink link = stage.openHeard();
        link.breaks();
        assertThat(stage.find(link.id)).as("lost").isNull();
        link.sends("last words").answers();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.master.told)
                .containsExactly("Data 1 hello", "Data 1 last words", "Failure 1 Client disconnected");
        assertThat(stage.resume(link.id).told).containsExactly("refused");
    }

    @Test
    void withoutStaleTimeALiveSessionCanStillBeTakenOver() {
        try (Stage stage = new Stage(Stage.staleBounds(Duration.ZERO, 100))) {
            FakeLink link = stage.openHeard();
            FakeLink next = stage.resume(link.id);
            link.answers();
            assertThat(next.told).containsExactly("resumed []");
        }
    }

    @Test
    void withoutStaleTimeTheLossOfALinkThatTakesOverEndsTheSession() {
        try (Stage stage = new Stage(Stage.staleBounds(Duration.ZERO, 100))) {
            FakeLink link = stage.openHeard();
            FakeLink next = stage.resume(link.id);
            next.isLost();
            assertThat(stage.find(link.id)).isNull();
            link.answers();
            assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client disconnected");
        }
    }
}
