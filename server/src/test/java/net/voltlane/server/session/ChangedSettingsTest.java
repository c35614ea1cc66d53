package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Settings that are replaced hold at once, for sessions that are there already as well. */
@ExtendWith(LeakCheck.class)
final class ChangedSettingsTest {
    private static final long TIMEOUT_NANOS = Stage.STALE_TIMEOUT.toNanos();

    @Test
    void aLongerTimeKeepsSessionsThatAreStaleAlready() {
        try (Stage stage = new Stage()) {
            stage.openHeard().isLost();
            stage.sessions.settings(new SessionSettings(2 * TIMEOUT_NANOS, 100, 100, 1_000_000));
            stage.passes(Stage.STALE_TIMEOUT);
            stage.sessions.reap();
            assertThat(stage.find(1)).isNotNull();
            stage.passes(Stage.STALE_TIMEOUT);
            stage.sessions.reap();
            assertThat(stage.sessions.size()).isZero();
        }
    }

    @Test
    void aShorterTimeEndsThem() {
        try (Stage stage = new Stage()) {
            stage.openHeard().isLost();
            stage.passes(Duration.ofSeconds(1));
            stage.sessions.settings(new SessionSettings(Duration.ofSeconds(1).toNanos(), 100, 100, 1_000_000));
            assertThat(stage.find(1)).as("cannot be resumed any more").isNull();
            stage.sessions.reap();
            assertThat(stage.sessions.size()).isZero();
        }
    }

    @Test
    void withoutTimeTheNextLostLinkEndsItsSession() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            stage.sessions.settings(new SessionSettings(0, 100, 100, 1_000_000));
            link.isLost();
            assertThat(stage.master.told).endsWith("Failure 1 Client disconnected");
            assertThat(stage.sessions.size()).isZero();
        }
    }

    @Test
    void aLowerNumberEvictsTheRestAndNoMore() {
        try (Stage stage = new Stage()) {
            for (int i = 0; i < 3; i++) {
                stage.passes(Duration.ofMillis(1));
                stage.openHeard().isLost();
            }
            stage.sessions.settings(new SessionSettings(TIMEOUT_NANOS, 1, 100, 1_000_000));
            assertThat(stage.master.told).endsWith("Failure 1 Client evicted", "Failure 2 Client evicted");
            assertThat(stage.find(3)).as("the last one lost").isNotNull();
            assertThat(stage.count(Metric.ENDED_EVICTED)).isEqualTo(2);
        }
    }

    @Test
    void aLowerNumberOfOneAddressHoldsFromItsNextLossOn() {
        try (Stage stage = new Stage()) {
            stage.openHeard().isLost();
            stage.openHeard().isLost();
            stage.sessions.settings(new SessionSettings(TIMEOUT_NANOS, 100, 1, new QueueBounds(100, 1_000_000)));
            assertThat(stage.sessions.staleSize()).isEqualTo(2);
            stage.openHeard().isLost();
            assertThat(stage.sessions.staleSize()).isOne();
        }
    }

    @Test
    void lowerBoundsOfMissedPacketsMeetTheNextPacket() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "one", "two");
            stage.sessions.settings(new SessionSettings(TIMEOUT_NANOS, 100, 2, 1_000_000));
            assertThat(stage.sessions.staleSize()).as("nothing is taken away").isOne();
            stage.data(link.id, "three");
            assertThat(stage.master.told).endsWith("Failure 1 Missed packets overflow");
        }
    }

    @Test
    void higherBoundsOfMissedPacketsMakeRoom() {
        try (Stage stage = new Stage(Stage.missedBounds(1, 1_000_000))) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "one");
            stage.sessions.settings(Stage.missedBounds(3, 1_000_000));
            stage.data(link.id, "two", "three");
            assertThat(stage.resume(link.id).told).containsExactly("resumed [one, two, three]");
        }
    }
}
