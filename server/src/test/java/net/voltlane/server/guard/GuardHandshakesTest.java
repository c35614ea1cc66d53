package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

final class GuardHandshakesTest extends GuardCase {
    @Test
    void aQuarterOfTheHandshakesIsReservedForReturningClients() {
        connections(off -> off.withHandshakes(8).withTotal(1));
        Admission client = opened(HOME);
        Admission one = arrives(HOME);
        Admission two = arrives(HOME);
        assertThat(one.isInReserve() && two.isInReserve()).isTrue();
        assertThat(resuming(two, null)).isNull();
        assertThat(arrives(HOME).isInReserve())
                .as("a resume that is done gives its place back")
                .isTrue();
        assertThat(gaveWay).isEmpty();
        assertThat(arrives(HOME).isInReserve()).isTrue();
        assertThat(gaveWay).containsExactly(HOME);
        assertThat(one.isInReserve()).as("the one that has waited longest").isFalse();
        assertThat(proving(one)).isEqualTo(Metric.REFUSED_MAX_CLIENTS);
        guard.leaves(client);
        guard.leaves(two);
        for (int i = 0; i < 6; i++) {
            assertThat(arrives(HOME).isInReserve()).isFalse();
        }
        assertThat(gaveWay).hasSize(1);
        assertThat(metrics.sum(Metric.RESUME_RESERVE_ENTERED)).isEqualTo(4);
    }

    @Test
    void whereAllPlacesAreTakenTheOldestOfTheBusiestAddressGivesWay() {
        connections(off -> off.withHandshakes(8));
        Admission honest = arrives(HOME);
        List<Admission> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofMillis(1));
            others.add(arrives("198.51.100.1"));
        }
        clock.advance(Duration.ofMillis(1));
        Admission newcomer = arrives("203.0.113.1");
        assertThat(newcomer.isAdmitted() && !newcomer.isInReserve()).isTrue();
        assertThat(gaveWay).containsExactly("198.51.100.1");
        assertThat(opening(others.get(0))).isEqualTo(Metric.REFUSED_PENDING_HANDSHAKES);
        for (int i = 0; i < 1_000; i++) {
            clock.advance(Duration.ofMillis(1));
            arrives("198.51.100." + (1 + i % 2));
        }
        assertThat(gaveWay).doesNotContain(HOME, "203.0.113.1");
        assertThat(opening(honest)).isNull();
        assertThat(openingDone(honest)).isNull();
        assertThat(opening(newcomer)).isNull();
    }

    @Test
    void aHandshakeThatWaitsForTheServerGivesWayOnlyIfItsAddressHasNoOther() {
        connections(off -> off.withHandshakes(4));
        Admission proving = arrives(HOME);
        assertThat(proving(proving)).isNull();
        clock.advance(Duration.ofMillis(1));
        Admission silent = arrives(HOME);
        clock.advance(Duration.ofMillis(1));
        arrives("198.51.100.1");
        Admission other = arrives("203.0.113.1");
        assertThat(proving(silent)).isEqualTo(Metric.REFUSED_PENDING_HANDSHAKES);
        guard.leaves(silent);
        clock.advance(Duration.ofMillis(1));
        Admission again = arrives(HOME);
        assertThat(again.isInReserve())
                .as("no other handshake has to give way to it")
                .isTrue();
        guard.leaves(again);
        assertThat(opening(other)).isNull();
        guard.waitsForPeer(proving);
        arrives("203.0.113.2");
        assertThat(resuming(proving, null)).isNull();
    }

    @Test
    void aHandshakeWhosePeerHasToAnswerGivesWayBeforeThoseThatWaitForTheServer() {
        connections(off -> off.withHandshakesPerIp(2));
        Admission asked = arrives(HOME);
        Admission waiting = arrives(HOME);
        assertThat(proving(asked)).isNull();
        assertThat(proving(waiting)).isNull();
        guard.waitsForPeer(asked);
        assertThat(arrives(HOME).isInReserve()).isFalse();
        assertThat(resuming(asked, null)).isEqualTo(Metric.REFUSED_PENDING_HANDSHAKES_PER_IP);
        assertThat(resuming(waiting, null)).isNull();
    }

    @Test
    void aProvedHandshakeGivesWayLastOfItsAddress() {
        connections(off -> off.withHandshakesPerIp(2));
        Admission owner = arrives(HOME);
        assertThat(proving(owner)).isNull();
        guard.waitsForPeer(owner);
        guard.proved(owner);
        List<Admission> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMillis(1));
            others.add(arrives(HOME));
        }
        assertThat(gaveWay).hasSize(9);
        assertThat(opening(others.get(9))).isNull();
        assertThat(resuming(owner, null)).isNull();
        others.forEach(guard::leaves);
        guard.leaves(owner);
        assertThat(GuardDoors.countsNothing(guard)).isTrue();
    }

    @Test
    void anAddressHasItsShareOfTheHandshakes() {
        connections(off -> off.withHandshakesPerIp(2));
        Admission first = arrives(HOME);
        clock.advance(Duration.ofMillis(1));
        arrives(HOME);
        arrives("198.51.100.1");
        assertThat(gaveWay).isEmpty();
        Admission third = arrives(HOME);
        assertThat(third.isAdmitted()).isTrue();
        assertThat(gaveWay).containsExactly(HOME);
        assertThat(opening(first)).isEqualTo(Metric.REFUSED_PENDING_HANDSHAKES_PER_IP);
        assertThat(openingDone(first)).isEqualTo(Metric.REFUSED_PENDING_HANDSHAKES_PER_IP);
        assertThat(resuming(first, null)).isEqualTo(Metric.REFUSED_PENDING_HANDSHAKES_PER_IP);
    }

    @Test
    void whereTheMachineHasNoRoomHandshakesGiveWayAndLinksDoNot() {
        guard.room(8, Metric.REFUSED_DESCRIPTORS);
        for (int i = 0; i < 5; i++) {
            opened(HOME);
        }
        Admission silent = arrives("198.51.100.1");
        arrives("198.51.100.1");
        assertThat(opened("203.0.113.1").phase.isLink()).isTrue();
        assertThat(opening(silent)).isEqualTo(Metric.REFUSED_DESCRIPTORS);
        guard.leaves(silent);
        assertThat(opened("203.0.113.2").phase.isLink()).isTrue();
        mayOnlyResume("203.0.113.3", Metric.REFUSED_DESCRIPTORS);
    }

    @Test
    void evenTheSmallestNumberHasAPlaceOfEachKind() {
        connections(off -> off.withHandshakes(1).withTotal(1));
        Admission first = arrives(HOME);
        assertThat(first.isInReserve()).isFalse();
        assertThat(opening(first)).isNull();
        assertThat(arrives(HOME).isInReserve()).isTrue();
        assertThat(openingDone(first)).isNull();
        assertThat(gaveWay).isEmpty();
        assertThat(arrives(HOME).isInReserve()).isTrue();
        assertThat(gaveWay).hasSize(1);
    }

    @Test
    void theReserveIsBoundedWhereHandshakesAreNot() {
        connections(off -> off.withTotal(1));
        opened(HOME);
        for (int i = 0; i < 2_500; i++) {
            assertThat(arrives(HOME).isInReserve()).isTrue();
        }
        assertThat(gaveWay).isEmpty();
        assertThat(arrives(HOME).isInReserve()).isTrue();
        assertThat(gaveWay).hasSize(1);
    }
}
