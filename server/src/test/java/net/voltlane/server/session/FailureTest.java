package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Failures: one for each session that ends, behind its data, and answers to packets for ids that have no session. */
@ExtendWith(LeakCheck.class)
final class FailureTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void failureWaitsForTheLastDataOfTheLink() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        assertThat(stage.master.told)
                .as("the link may still have data under way")
                .containsExactly("Data 1 hello");
        link.sends("last words");
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Data 1 last words", "Failure 1 Client kicked");
    }

    @Test
    void whateverComesAfterTheFirstReasonChangesNothing() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        link.violates(Reason.FRAME_TOO_LARGE);
        link.breaks();
        stage.sessions.kick(link.id);
        stage.sessions.stop(() -> {});
        link.answers();
        stage.sessions.kick(link.id);
        stage.passes(Stage.STALE_TIMEOUT);
        stage.sessions.reap();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client kicked");
        assertThat(link.told).containsExactly("opened", "detach DELIVER");
    }

    @Test
    void anEndedSessionIsForgotten() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        link.answers();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.find(link.id)).isNull();
        assertThat(stage.count(Metric.ENDED_KICKED)).isOne();
    }

    @Test
    void dataForNobodyIsAnsweredNotFound() {
        stage.data(77, "for nobody");
        assertThat(stage.master.told).containsExactly("Failure 77 Client not found");
        assertThat(stage.count(Metric.NOT_FOUND_ANSWERED)).isOne();
    }

    @Test
    void aKickForNobodyIsIgnored() {
        stage.sessions.kick(77);
        assertThat(stage.master.told).isEmpty();
    }

    @Test
    void atTheMastersBoundNotFoundIsLeftOutAndCounted() {
        stage.master.atBound = true;
        stage.data(77, "one", "two");
        stage.master.atBound = false;
        stage.data(77, "three");
        assertThat(stage.master.told).containsExactly("Failure 77 Client not found");
        assertThat(stage.count(Metric.NOT_FOUND_DROPPED)).isEqualTo(2);
        assertThat(stage.count(Metric.NOT_FOUND_ANSWERED)).isOne();
    }

    @Test
    void atTheMastersBoundAnEndIsStillTold() {
        FakeLink link = stage.openHeard();
        stage.master.atBound = true;
        stage.sessions.kick(link.id);
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client kicked");
    }

    @Test
    void packetsThatCrossTheEndAreAnsweredBehindTheFailure() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        stage.data(link.id, "too late", "this too");
        link.answers();
        stage.data(link.id, "and this");
        assertThat(stage.master.told)
                .containsExactly(
                        "Data 1 hello",
                        "Failure 1 Client kicked",
                        "Failure 1 Client not found",
                        "Failure 1 Client not found",
                        "Failure 1 Client not found");
        assertThat(link.told).as("nothing is delivered after the end").containsExactly("opened", "detach DELIVER");
    }

    @Test
    void atTheMastersBoundThoseAnswersAreLeftOutToo() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        stage.data(link.id, "too late", "this too");
        stage.master.atBound = true;
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client kicked");
        assertThat(stage.count(Metric.NOT_FOUND_DROPPED)).isEqualTo(2);
    }

    @Test
    void everyEndHasItsReason() {
        FakeLink disconnected = stage.openHeard();
        FakeLink overflowing = stage.openHeard();
        FakeLink violating = stage.openHeard();
        disconnected.isLost();
        overflowing.violates(Reason.BUFFER_OVERFLOW);
        overflowing.answers();
        violating.violates(Reason.FRAME_TOO_LARGE);
        violating.answers();
        stage.passes(Stage.STALE_TIMEOUT.plus(Duration.ofSeconds(1)));
        stage.sessions.reap();
        assertThat(stage.master.told.subList(3, 6))
                .containsExactly(
                        "Failure 2 Buffer overflow", "Failure 3 Frame too large", "Failure 1 Client disconnected");
        assertThat(stage.count(Metric.ENDED_DISCONNECTED)).isOne();
        assertThat(stage.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
        assertThat(stage.count(Metric.ENDED_FRAME_TOO_LARGE)).isOne();
    }
}
