package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;

final class GuardLinksTest extends GuardCase {
    private static CidrSet set(String... entries) {
        CidrSet set = CidrSet.of(List.of(entries));
        assertThat(set).isNotNull();
        return set;
    }

    @Test
    void withoutLimitsEveryConnectionIsLetIn() {
        for (int i = 0; i < 10_000; i++) {
            opened(HOME);
            assertThat(arrives(HOME).isInReserve()).isFalse();
        }
        assertThat(metrics.sum(Metric.ADDRESSES_COUNTED_BY_NETWORK)).isZero();
    }

    @Test
    void aDeniedAddressIsRefused() {
        guard.limits(GuardLimits.OFF.withDeny(set("192.0.2.0/24", "2001:db8::/32")));
        isRefused(HOME, Metric.REFUSED_DENIED);
        isRefused("2001:db8::1", Metric.REFUSED_DENIED);
        isRefused("::ffff:192.0.2.1", Metric.REFUSED_DENIED);
        opened("198.51.100.1");
    }

    @Test
    void withAnAllowListOtherAddressesAreRefused() {
        guard.limits(GuardLimits.OFF.withAllow(set("192.0.2.0/24")).withDeny(set("192.0.2.7")));
        opened(HOME);
        isRefused("198.51.100.1", Metric.REFUSED_DENIED);
        isRefused("192.0.2.7", Metric.REFUSED_DENIED);
    }

    @Test
    void linksAreCountedUntilTheyEnd() {
        connections(off -> off.withTotal(2));
        Admission first = opened(HOME);
        opened("198.51.100.1");
        mayOnlyResume("203.0.113.1", Metric.REFUSED_MAX_CLIENTS);
        guard.leaves(first);
        guard.leaves(first);
        opened(HOME);
        mayOnlyResume("203.0.113.1", Metric.REFUSED_MAX_CLIENTS);
    }

    @Test
    void onceNoSessionIsToBeOpenedClientsMayOnlyResume() {
        Admission before = arrives(HOME);
        Admission opening = arrives(HOME);
        assertThat(opening(opening)).isNull();
        guard.openNoSessions();
        assertThat(opening(before)).isEqualTo(Metric.REFUSED_DRAINING);
        assertThat(openingDone(opening)).isNull(); // the session loop refuses it
        mayOnlyResume(HOME, Metric.REFUSED_DRAINING);
        Admission back = arrives(HOME);
        assertThat(proving(back)).isNull();
        assertThat(resuming(back, null)).isNull();
    }

    @Test
    void aHandshakeThatFinishesOverTheTotalIsRefused() {
        connections(off -> off.withTotal(1));
        Admission first = arrives(HOME);
        Admission second = arrives(HOME);
        assertThat(second.isInReserve()).isFalse();
        assertThat(opening(first)).isNull();
        assertThat(opening(second)).isEqualTo(Metric.REFUSED_MAX_CLIENTS);
        guard.leaves(second);
        guard.leaves(first);
        opened(HOME);
    }

    @Test
    void returningClientsAreLetInOverTheTotal() {
        connections(off -> off.withTotal(1));
        opened(HOME);
        Admission back = arrives(HOME);
        assertThat(back.isInReserve()).isTrue();
        assertThat(resuming(back, null)).isNull();
        mayOnlyResume(HOME, Metric.REFUSED_MAX_CLIENTS);
    }

    @Test
    void anAddressHasItsOwnLimit() {
        connections(off -> off.withPerIp(2));
        opened(HOME);
        opened(HOME);
        mayOnlyResume(HOME, Metric.REFUSED_MAX_CLIENTS_PER_IP);
        opened("192.0.2.2");
    }

    @Test
    void anIpv6HostHasItsWhole64() {
        connections(off -> off.withPerIp(2));
        opened("2001:db8::1");
        opened("2001:db8::2:0:0:1");
        mayOnlyResume("2001:db8::3", Metric.REFUSED_MAX_CLIENTS_PER_IP);
        opened("2001:db8:0:1::1");
    }

    private static String ipv6(int fourth) {
        return "2001:db8:0:" + Integer.toHexString(fourth) + "::1";
    }

    @Test
    void anIpv6NetworkIsNotAsManyAddressesAsItHas64s() {
        connections(off -> off.withPerIp(2));
        for (int i = 0; i < 8; i++) {
            opened(ipv6(i));
        }
        mayOnlyResume(ipv6(8), Metric.REFUSED_MAX_CLIENTS_PER_IP);
        for (int i = 0; i < 24; i++) {
            opened(ipv6(i % 12 + 1 << 8));
        }
        mayOnlyResume(ipv6(0xff00), Metric.REFUSED_MAX_CLIENTS_PER_IP);
        opened("2001:db8:1::1");
    }

    @Test
    void ratesBansAndSubnetsLookAtIpv6NetworksToo() {
        connections(off -> off.withPerSecPerIp(1));
        for (int i = 0; i < 4; i++) {
            guard.leaves(opened(ipv6(i)));
        }
        isRefused(ipv6(4), Metric.REFUSED_CONNECT_RATE_PER_IP);
        connections(off -> off.withPerSubnet(1));
        for (int i = 0; i < 4; i++) {
            opened(ipv6(i));
        }
        mayOnlyResume(ipv6(4), Metric.REFUSED_MAX_CLIENTS_PER_SUBNET);
        connections(off -> off);
        bans(1, 30);
        for (int i = 0; i < 4; i++) {
            assertThat(fails(ipv6(i))).isFalse();
        }
        assertThat(fails(ipv6(4))).isTrue();
        isRefused(ipv6(5), Metric.REFUSED_BANNED);
        opened("2001:db8:0:100::1");
    }

    @Test
    void aSubnetHasItsOwnLimit() {
        connections(off -> off.withPerSubnet(2));
        opened("192.0.2.1");
        opened("192.0.2.255");
        mayOnlyResume("192.0.2.3", Metric.REFUSED_MAX_CLIENTS_PER_SUBNET);
        opened("192.0.3.1");
        opened("2001:db8::1");
        opened("2001:db8::2");
        mayOnlyResume("2001:db8::3", Metric.REFUSED_MAX_CLIENTS_PER_SUBNET);
        opened("2001:db8:0:1::1");
    }

    @Test
    void aTakeoverReplacesItsOldLink() {
        connections(off -> off.withPerIp(1).withPerSubnet(1));
        Admission old = opened(HOME);
        Admission back = arrives(HOME);
        assertThat(resuming(back, old)).isNull();
        guard.leaves(old);
        mayOnlyResume(HOME, Metric.REFUSED_MAX_CLIENTS_PER_IP);
        guard.leaves(back);
        opened(HOME);
    }

    @Test
    void takeoversDoNotUseUpTheRoomForReturningClients() {
        guard.room(64, Metric.REFUSED_DESCRIPTORS);
        Admission honest = opened("203.0.113.1");
        Admission moved = arrives("203.0.113.2");
        assertThat(resuming(moved, honest)).isNull();
        List<Admission> all = new ArrayList<>(List.of(opened(HOME)));
        for (int i = 0; i < 50; i++) {
            clock.advance(Duration.ofMillis(1));
            Admission next = arrives(HOME);
            assertThat(resuming(next, all.get(i))).isNull();
            all.add(next);
        }
        assertThat(gaveWay)
                .as("two may wait for their peers to close")
                .hasSize(49)
                .containsOnly(HOME);
        all.forEach(guard::leaves);
        guard.leaves(honest);
        guard.leaves(moved);
        assertThat(GuardDoors.countsNothing(guard)).isTrue();
    }

    @Test
    void aProofIsNoWayAroundTheLimitOfAnAddress() {
        connections(off -> off.withPerIp(1));
        Admission elsewhere = opened("198.51.100.1");
        opened(HOME);
        Admission moving = arrives(HOME);
        assertThat(resuming(moving, elsewhere)).isEqualTo(Metric.REFUSED_MAX_CLIENTS_PER_IP);
        guard.leaves(moving);
        Admission stale = arrives(HOME);
        assertThat(resuming(stale, null)).isEqualTo(Metric.REFUSED_MAX_CLIENTS_PER_IP);
        guard.leaves(stale);
        mayOnlyResume("198.51.100.1", Metric.REFUSED_MAX_CLIENTS_PER_IP);
    }

    @Test
    void anAddressHasAsManyHandshakesAsItMayHaveLinks() {
        connections(off -> off.withPerIp(2));
        opened(HOME);
        opened(HOME);
        Admission one = arrives(HOME);
        arrives(HOME);
        isRefused(HOME, Metric.REFUSED_MAX_CLIENTS_PER_IP);
        guard.leaves(one);
        assertThat(arrives(HOME).isAdmitted()).isTrue();
    }

    @Test
    void aHandshakeThatOpensASessionIsOneOfItsAddressStill() {
        connections(off -> off.withPerIp(2));
        Admission opening = arrives(HOME);
        assertThat(opening(opening)).isNull();
        arrives(HOME);
        isRefused(HOME, Metric.REFUSED_MAX_CLIENTS_PER_IP);
    }

    @Test
    void replacedLinksBeyondAFewTakeTheHandshakesOfTheirAddress() {
        connections(off -> off.withPerIp(1));
        List<Admission> all = new ArrayList<>(List.of(opened(HOME)));
        for (int i = 0; i < 9; i++) {
            Admission next = arrives(HOME);
            assertThat(resuming(next, all.get(i))).isNull();
            all.add(next);
        }
        isRefused(HOME, Metric.REFUSED_MAX_CLIENTS_PER_IP);
        guard.leaves(all.get(0));
        Admission back = arrives(HOME);
        assertThat(back.isInReserve()).isTrue();
        guard.leaves(back);
        all.forEach(guard::leaves);
        assertThat(GuardDoors.countsNothing(guard)).isTrue();
    }

    @Test
    void aReplacedLinkGivesWayOnce() {
        guard.room(8, Metric.REFUSED_DESCRIPTORS); // one may wait for its peer to close
        List<Integer> told = new ArrayList<>();
        Admission last = guard.arrives(InetAddresses.of(HOME), () -> told.add(0));
        assertThat(opening(last)).isNull();
        assertThat(openingDone(last)).isNull();
        for (int i = 1; i <= 4; i++) {
            int number = i;
            clock.advance(Duration.ofMillis(1));
            Admission next = guard.arrives(InetAddresses.of(HOME), () -> told.add(number));
            assertThat(resuming(next, last)).isNull();
            last = next;
        }
        assertThat(told).containsExactly(0, 1, 2);
    }

    @Test
    void handshakesAreCountedUntilTheyAreDone() {
        connections(off -> off.withTotal(1));
        Admission opening = arrives(HOME);
        Admission gone = arrives("198.51.100.1");
        assertThat(opening(opening)).isNull();
        Admission returning = arrives("203.0.113.1");
        assertThat(returning.isInReserve()).isTrue();
        assertThat(guard.handshakes()).isEqualTo(3);
        assertThat(openingDone(opening)).isNull();
        assertThat(guard.handshakes()).isEqualTo(2);
        guard.leaves(gone);
        assertThat(resuming(returning, null)).isNull();
        assertThat(guard.handshakes()).isZero();
    }

    @Test
    void aSubnetHasAsManyHandshakesAsItMayHaveLinks() {
        connections(off -> off.withPerSubnet(1));
        arrives("192.0.2.1");
        isRefused("192.0.2.2", Metric.REFUSED_MAX_CLIENTS_PER_SUBNET);
    }

    @Test
    void aLinkThatGoesWhileItsResumeIsDecidedIsNotCounted() {
        connections(off -> off.withPerIp(1).withTotal(1));
        Admission back = arrives(HOME);
        guard.leaves(back);
        assertThat(resuming(back, null)).isNull();
        opened(HOME);
    }

    @Test
    void whateverHappensNothingStaysCounted() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            connections(off -> off.withTotal(6)
                    .withPerIp(3)
                    .withPerSubnet(4)
                    .withHandshakes(8)
                    .withPerSec(50));
            List<Admission> admissions = new ArrayList<>();
            for (int step = 0; step < 2_000; step++) {
                clock.advance(Duration.ofMillis(random.nextInt(20)));
                Admission admission = arrives("192.0." + random.nextInt(2) + "." + random.nextInt(3));
                if (!admissions.isEmpty() && random.nextInt(3) == 0) {
                    guard.leaves(admissions.remove(random.nextInt(admissions.size())));
                }
                Metric limit;
                if (random.nextBoolean()) {
                    limit = opening(admission);
                    openingDone(admission);
                } else {
                    Admission replaced =
                            admissions.isEmpty() ? null : admissions.get(random.nextInt(admissions.size()));
                    limit = resuming(admission, replaced);
                }
                if (limit != null) {
                    guard.leaves(admission);
                } else {
                    admissions.add(admission);
                }
            }
            admissions.forEach(guard::leaves);
            clock.advance(Duration.ofMinutes(1));
            for (int i = 0; i < 3; i++) {
                opened("192.0.0.1");
            }
            opened("192.0.0.2");
            opened("192.0.1.1");
            opened("192.0.1.2");
            mayOnlyResume("198.51.100.1", Metric.REFUSED_MAX_CLIENTS);
        });
    }
}
