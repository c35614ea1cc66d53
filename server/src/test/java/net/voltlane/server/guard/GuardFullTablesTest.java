package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

final class GuardFullTablesTest extends GuardCase {
    private static String address(int i) {
        return "10.0." + i + ".1";
    }

    @Test
    void idleAddressesMakeRoomForNewOnes() {
        connections(off -> off.withPerIp(1));
        for (int i = 0; i < 250; i++) {
            guard.leaves(opened(address(i)));
        }
        for (int i = 0; i < PLACES; i++) {
            opened(address(i));
            mayOnlyResume(address(i), Metric.REFUSED_MAX_CLIENTS_PER_IP);
        }
        assertThat(metrics.sum(Metric.ADDRESSES_COUNTED_BY_NETWORK)).isZero();
    }

    @Test
    void addressesThatFindNoPlaceAreCountedByTheNetworkAroundThem() {
        connections(off -> off.withPerIp(1));
        List<Admission> known = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            known.add(opened(address(i)));
        }
        for (int i = 0; i < 4; i++) {
            opened("192.0.2." + i);
        }
        assertThat(metrics.sum(Metric.ADDRESSES_COUNTED_BY_NETWORK)).isEqualTo(4);
        mayOnlyResume("192.0.2.4", Metric.REFUSED_MAX_CLIENTS_PER_IP);
        mayOnlyResume(address(0), Metric.REFUSED_MAX_CLIENTS_PER_IP);
        guard.leaves(known.get(3));
        opened("192.0.2.9");
        mayOnlyResume("192.0.2.9", Metric.REFUSED_MAX_CLIENTS_PER_IP);
    }

    @Test
    void withAllNetworksInUseEveryConnectionIsStillCounted() {
        connections(off -> off.withPerIp(1));
        int letIn = 0;
        for (int i = 0; i < 20_000; i++) {
            Admission admission = opens((1 + i % 200) + "." + i / 200 + ".0.1");
            letIn += admission == null ? 0 : 1;
            admission = opens("2001:" + Integer.toHexString(i) + "::1");
            letIn += admission == null ? 0 : 1;
        }
        assertThat(letIn).isLessThan(2 * (PLACES + 4 * PLACES / 2 + 16 * PLACES / 4 + 64 * 2 + 256));
        assertThat(guard.sources.all().count()).isLessThan(5 * PLACES);
    }

    @Test
    void aFloodOfAddressesDoesNotLiftABan() {
        bans(1, 30);
        fails(HOME);
        fails(HOME);
        for (int i = 0; i < 250; i++) {
            Admission admission = arrives(address(i));
            guard.failed(admission);
            guard.leaves(admission);
        }
        isRefused(HOME, Metric.REFUSED_BANNED);
    }

    @Test
    void aBanOutlivesTheMemoryOfTheWrongProofs() {
        bans(1, 300);
        fails(HOME);
        fails(HOME);
        clock.advance(Duration.ofSeconds(200)); // only the ban is remembered by now
        for (int i = 0; i < 250; i++) {
            guard.leaves(arrives(address(i)));
        }
        isRefused(HOME, Metric.REFUSED_BANNED);
    }

    @Test
    void laterAddressesFreeThePlacesThatAnAttackUsed() {
        ConnectionLimits limits = ConnectionLimits.OFF.withPerSecPerIp(1);
        guard.limits(GuardLimits.OFF.withConnections(limits));
        for (int i = 0; i < PLACES; i++) {
            guard.leaves(opened(address(i)));
        }
        guard.leaves(opened("192.0.2.1"));
        assertThat(metrics.sum(Metric.ADDRESSES_COUNTED_BY_NETWORK))
                .as("all of them were seen just now")
                .isOne();
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < PLACES; i++) {
            opened("192.0.2." + i);
        }
        assertThat(metrics.sum(Metric.ADDRESSES_COUNTED_BY_NETWORK)).isOne();
    }
}
