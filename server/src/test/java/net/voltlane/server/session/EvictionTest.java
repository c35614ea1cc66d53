package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Above the maximum of stale sessions one is evicted at once: one unknown to the master first, then the longest stale. */
@ExtendWith(LeakCheck.class)
final class EvictionTest {
    private final Logged log = new Logged(EvictionLog.class);
    private final Stage stage = new Stage(Stage.staleBounds(Stage.STALE_TIMEOUT, 2));

    @AfterEach
    void end() {
        stage.close();
        log.close();
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
        assertThat(stage.find(1)).isNull();
    }

    @Test
    void thoseThatTheMasterNeverHeardOfGiveWayFirst() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.open());
        loseALittleLater(stage.openHeard());
        assertThat(stage.master.told)
                .as("an unheard session ends without a word")
                .hasSize(2);
        assertThat(stage.find(1)).isNotNull();
        assertThat(stage.find(2)).isNull();
        assertThat(stage.count(Metric.ENDED_EVICTED)).isOne();
    }

    @Test
    void ofTheUnheardTheLongestStaleGivesWay() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.open());
        loseALittleLater(stage.open());
        assertThat(stage.find(2)).isNull();
        assertThat(stage.find(3)).isNotNull();
    }

    @Test
    void anUnheardOneGivesWayToThoseThatWereThereBefore() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.open());
        assertThat(stage.find(1)).isNotNull();
        assertThat(stage.find(2)).isNotNull();
        assertThat(stage.find(3)).isNull();
    }

    @Test
    void oneThatCameBackAndWasLostAgainIsTheYoungest() {
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.openHeard());
        loseALittleLater(stage.resume(1));
        loseALittleLater(stage.openHeard());
        assertThat(stage.master.told).endsWith("Failure 2 Client evicted");
        assertThat(stage.find(1)).isNotNull();
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

    // ---- by address

    private static final Cidr CROWD = Stage.address("198.51.100.1");

    private long lose(Cidr from, boolean heard) {
        FakeLink link = stage.open(from);
        if (heard) {
            link.sends("hello");
        }
        loseALittleLater(link);
        return link.id;
    }

    private void isThere(long id, boolean there) {
        assertThat(stage.find(id) != null).as("session %d", id).isEqualTo(there);
    }

    @Test
    void whoHasMostStaleSessionsGivesWayHoweverLongAnotherHasBeenStale() {
        long owner = lose(Stage.HOME, true);
        long first = lose(CROWD, true);
        for (int i = 0; i < 100; i++) {
            lose(CROWD, true);
        }
        isThere(owner, true);
        isThere(first, false);
        assertThat(stage.count(Metric.ENDED_EVICTED)).isEqualTo(100);
        assertThat(stage.resume(owner).told).contains("resumed []");
    }

    @Test
    void anOwnerWhomTheMasterNeverHeardOfDoesNotGiveWayToWhoHoldsMoreEither() {
        long owner = lose(Stage.HOME, false);
        for (int i = 0; i < 100; i++) {
            lose(CROWD, true);
        }
        isThere(owner, true);
    }

    @Test
    void ofTheCrowdTheUnheardGoFirst() {
        lose(Stage.HOME, true);
        long heard = lose(CROWD, true);
        long unheard = lose(CROWD, false);
        isThere(heard, true);
        isThere(unheard, false);
    }

    @Test
    void aSessionCountsWhereItsLastLinkCameFrom() {
        long owner = lose(CROWD, true);
        FakeLink moved = stage.resume(owner, Stage.HOME);
        loseALittleLater(moved);
        lose(CROWD, true);
        long last = lose(CROWD, true);
        isThere(owner, true);
        isThere(last, true);
    }

    @Test
    void anIpv6NetworkIsNotManyHonestHolders() {
        Stage roomy = new Stage(Stage.staleBounds(Stage.STALE_TIMEOUT, 40));
        FakeLink owner = roomy.open(Stage.address("2001:db8:ffff::1")).sends("hello");
        owner.isLost();
        for (int i = 0; i < 2_000; i++) {
            roomy.passes(Duration.ofMillis(1));
            roomy.open(Stage.address("2001:db8::" + Integer.toHexString(i) + ":0:0:0:1"))
                    .sends("hello")
                    .isLost();
        }
        assertThat(roomy.find(owner.id)).isNotNull();
        assertThat(roomy.sessions.staleSize()).isEqualTo(40);
        roomy.close();
    }

    @Test
    void anAddressMayHaveABoundOfItsOwn() {
        Stage bounded =
                new Stage(new SessionSettings(Stage.STALE_TIMEOUT.toNanos(), 100, 2, new QueueBounds(100, 1_000_000)));
        FakeLink first = bounded.open(CROWD).sends("hello");
        first.isLost();
        bounded.open(CROWD).isLost();
        bounded.open(Stage.HOME).isLost();
        assertThat(bounded.count(Metric.ENDED_EVICTED)).isZero();
        FakeLink third = bounded.open(CROWD).sends("hello");
        third.isLost();
        assertThat(bounded.find(2)).as("the unheard one").isNull();
        bounded.open(CROWD).sends("hello").isLost();
        assertThat(bounded.find(first.id)).isNull();
        assertThat(bounded.find(third.id)).isNotNull();
        assertThat(bounded.count(Metric.EVICTED_PER_IP)).isEqualTo(2);
        assertThat(log.lines())
                .containsExactly("WARN Evicted 1 absent client's session: over limits.max_stale_clients_per_ip"
                        + " (last: one of 3 at 198.51.100.1, when a client at 198.51.100.1 lost its connection)");
        bounded.close();
    }

    @Test
    void evictionsAreToldAtABoundedRateWithWhoseAndForWhom() {
        lose(CROWD, true);
        lose(CROWD, true);
        lose(Stage.HOME, true);
        for (int i = 0; i < 500; i++) {
            lose(CROWD, true);
        }
        stage.passes(Duration.ofSeconds(10));
        lose(CROWD, true);
        assertThat(log.lines())
                .containsExactly(
                        "WARN Evicted 1 absent client's session: clients.max_stale_clients is reached (last: one of 2"
                                + " at 198.51.100.1, when a client at 192.0.2.1 lost its connection)",
                        "WARN Evicted 501 absent clients' sessions: clients.max_stale_clients is reached (last: one of"
                                + " 2 at 198.51.100.1, when a client at 198.51.100.1 lost its connection)");
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
