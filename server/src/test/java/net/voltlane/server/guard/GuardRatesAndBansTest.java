package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

final class GuardRatesAndBansTest extends GuardCase {
    @Test
    void newClientsOverTheRateMayOnlyResume() {
        connections(off -> off.withPerSec(2));
        opened(HOME);
        opened("198.51.100.1");
        mayOnlyResume("203.0.113.1", Metric.REFUSED_CONNECT_RATE);
        clock.advance(Duration.ofMillis(500));
        opened("203.0.113.1");
        mayOnlyResume("203.0.113.2", Metric.REFUSED_CONNECT_RATE);
    }

    @Test
    void anAddressOverItsRateIsRefused() {
        connections(off -> off.withPerSecPerIp(2));
        guard.leaves(opened(HOME));
        guard.leaves(opened(HOME));
        isRefused(HOME, Metric.REFUSED_CONNECT_RATE_PER_IP);
        opened("198.51.100.1");
        clock.advance(Duration.ofMillis(500));
        opened(HOME);
        isRefused(HOME, Metric.REFUSED_CONNECT_RATE_PER_IP);
    }

    @Test
    void oneWrongProofTooManyBansItsAddressForATime() {
        bans(2, 30);
        assertThat(fails(HOME)).isFalse();
        assertThat(fails(HOME)).isFalse();
        assertThat(fails(HOME)).isTrue();
        isRefused(HOME, Metric.REFUSED_BANNED);
        opened("192.0.2.2");
        clock.advance(Duration.ofSeconds(30).minusNanos(1));
        isRefused(HOME, Metric.REFUSED_BANNED);
        clock.advance(Duration.ofNanos(1));
        assertThat(fails(HOME)).as("half a minute has given back one").isFalse();
        assertThat(fails(HOME)).isTrue();
        assertThat(metrics.sum(Metric.ADDRESSES_BANNED)).isEqualTo(2);
    }

    @Test
    void anAddressThatSeldomFailsIsNotBanned() {
        bans(2, 30);
        for (int i = 0; i < 100; i++) {
            assertThat(fails(HOME)).isFalse();
            clock.advance(Duration.ofSeconds(30));
        }
    }

    @Test
    void aBanDoesNotEndConnectionsOfItsAddress() {
        bans(1, 30);
        Admission neighbour = opened(HOME);
        fails(HOME);
        assertThat(fails(HOME)).isTrue();
        assertThat(neighbour.phase.isLink()).isTrue();
    }

    @Test
    void withoutABanTimeNoAddressIsBanned() {
        bans(1, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(fails(HOME)).isFalse();
        }
        opened(HOME);
    }

    @Test
    void connectionsThatGatheredInAPauseAreNoFlood() {
        connections(limits -> limits.withPerSec(10).withPerSecPerIp(5));
        for (int i = 0; i < 5; i++) {
            opened(HOME);
        }
        clock.advance(Duration.ofSeconds(3));
        waited = Duration.ofSeconds(3);
        for (int i = 0; i < 15; i++) {
            opened(HOME);
        }
        isRefused(HOME, Metric.REFUSED_CONNECT_RATE_PER_IP);
    }

    @Test
    void connectionsOfNewAddressesThatGatheredInAPauseAreNoFlood() {
        connections(limits -> limits.withPerSecPerIp(5));
        waited = Duration.ofSeconds(3);
        for (int i = 0; i < 20; i++) {
            opened(HOME);
        }
        isRefused(HOME, Metric.REFUSED_CONNECT_RATE_PER_IP);
    }

    @Test
    void wrongProofsThatGatheredInAPauseBanNobody() {
        guard = new Guard(
                GuardLimits.OFF.withResumes(new ResumeLimits(2, 30)), metrics, clock, this::waitedSince, PLACES);
        assertThat(guard.failed(arrives(HOME))).isFalse();
        assertThat(guard.failed(arrives(HOME))).isFalse();
        clock.advance(Duration.ofMinutes(3));
        waited = Duration.ofMinutes(3);
        for (int i = 0; i < 6; i++) {
            assertThat(guard.failed(arrives(HOME))).as("wrong proof %d", i).isFalse();
        }
        assertThat(guard.failed(arrives(HOME))).isTrue();
    }
}
