package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over the maximum of stale sessions one gives way at once: the unheard first, then the longest stale. */
@ExtendWith(LeakCheck.class)
final class EvictionTest {
    private final Stage stage = new Stage(Stage.staleBounds(Stage.STALE_TIMEOUT, 2));

    @AfterEach
    void end() {
        stage.close();
    }

    private void loseALittleLater(FakeLink link) {
        stage.passes(Duration.ofMillis(1));
        link.isLost();
    }

    @Test
    void upToTheMaximumNobodyGivesWay() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.openHeard());
        assertThat(stage.sessions.staleSize()).isEqualTo(2);
        assertThat(stage.count(Metric.ENDED_EVICTED)).isZero();
    }

    @Test
    void oneMoreEvictsTheLongestStaleAtOnce() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.openHeard());
        assertThat(stage.master.told).endsWith("Failure 1 Client evicted");
        assertThat(stage.sessions.staleSize()).isEqualTo(2);
        assertThat(stage.sessions.keyOf(1)).isNull();
    }

    @Test
    void thoseThatTheMasterNeverHeardOfGiveWayFirst() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.open());
        loseALittleLater(stage.openHeard());
        assertThat(stage.master.told)
                .as("an unheard session ends without a word")
                .hasSize(2);
        assertThat(stage.sessions.keyOf(1)).isNotNull();
        assertThat(stage.sessions.keyOf(2)).isNull();
        assertThat(stage.count(Metric.ENDED_EVICTED)).isOne();
    }

    @Test
    void ofTheUnheardTheLongestStaleGivesWay() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.open());
        loseALittleLater(stage.open());
        assertThat(stage.sessions.keyOf(2)).isNull();
        assertThat(stage.sessions.keyOf(3)).isNotNull();
    }

    @Test
    void anUnheardOneGivesWayToThoseThatWereThereBefore() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.open());
        assertThat(stage.sessions.keyOf(1)).isNotNull();
        assertThat(stage.sessions.keyOf(2)).isNotNull();
        assertThat(stage.sessions.keyOf(3)).isNull();
    }

    @Test
    void oneThatCameBackAndWasLostAgainIsTheYoungest() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.resume(1));
        loseALittleLater(stage.openHeard());
        assertThat(stage.master.told).endsWith("Failure 2 Client evicted");
        assertThat(stage.sessions.keyOf(1)).isNotNull();
    }

    @Test
    void oneThatLeavesTheMiddleMakesRoom() {
        FakeLink kicked = stage.openHeard();
        loseALittleLater(stage.openHeard());
        loseALittleLater(kicked);
        stage.sessions.kick(kicked.id);
        loseALittleLater(stage.openHeard());
        assertThat(stage.count(Metric.ENDED_EVICTED)).isZero();
        loseALittleLater(stage.openHeard());
        assertThat(stage.master.told).endsWith("Failure 2 Client evicted");
    }

    @Test
    void staleIsCountedFromTheLossHoweverLongTheDetachTook() {
        FakeLink slow = stage.openHeard();
        slow.breaks();
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.openHeard());
        slow.answers();
        assertThat(stage.master.told).endsWith("Failure 1 Client evicted");
        assertThat(stage.sessions.staleSize()).isEqualTo(2);
    }
}
