package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Seeds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GuardTest {
    private static final String HOME = "192.0.2.1";
    private static final int PLACES = 8;

    private final ManualClock clock = new ManualClock();
    private final Metrics metrics = new Metrics();
    private Guard guard = new Guard(GuardLimits.OFF, metrics, clock, this::waitedSince, PLACES);

    /** The time for which connections that arrive now have waited, because the server was paused. */
    private Duration waited = Duration.ZERO;

    private long waitedSince() {
        return clock.getAsLong() - waited.toNanos();
    }

    private void connections(UnaryOperator<ConnectionLimits> limits) {
        guard = new Guard(
                GuardLimits.OFF.withConnections(limits.apply(ConnectionLimits.OFF)),
                metrics,
                clock,
                this::waitedSince,
                PLACES);
    }

    /** The addresses of the handshakes that gave way. */
    private final List<String> gaveWay = new ArrayList<>();

    private Admission arrives(String from) {
        return guard.arrives(InetAddresses.of(from), () -> gaveWay.add(from));
    }

    /** Opens a session; null if it was refused at any step. */
    private @Nullable Admission opens(String from) {
        Admission admission = arrives(from);
        if (!admission.isAdmitted()) {
            return null;
        }
        if (opening(admission) != null) {
            guard.leaves(admission);
            return null;
        }
        openingDone(admission);
        return admission;
    }

    private Admission opened(String from) {
        Admission admission = opens(from);
        assertThat(admission).as("a session from %s", from).isNotNull();
        return admission;
    }

    /** The limit that stands against the step; null if it is granted. */
    private static @Nullable Metric limit(Decision decision, Admission admission) {
        return decision == Decision.GRANTED ? null : admission.limit();
    }

    private @Nullable Metric opening(Admission admission) {
        return limit(guard.beginOpening(admission), admission);
    }

    private @Nullable Metric openingDone(Admission admission) {
        return limit(guard.finishOpening(admission), admission);
    }

    private @Nullable Metric proving(Admission admission) {
        return limit(guard.beginProof(admission), admission);
    }

    /** @param replaced the link that the session still has */
    private @Nullable Metric resuming(Admission admission, @Nullable Admission replaced) {
        if (replaced == null) {
            return limit(guard.takeSession(admission), admission);
        }
        boolean isTaken = guard.yieldSession(replaced, () -> guard.takeSession(admission) == Decision.GRANTED);
        return isTaken ? null : admission.limit();
    }

    private void isRefused(String from, Metric limit) {
        Admission admission = arrives(from);
        assertThat(admission.isAdmitted()).isFalse();
        assertThat(admission.limit()).isEqualTo(limit);
    }

    /** A connection of this address is let in only to resume a session, and refused as a new client. */
    private void mayOnlyResume(String from, Metric limit) {
        Admission admission = arrives(from);
        assertThat(admission.isInReserve()).isTrue();
        assertThat(opening(admission)).isEqualTo(limit);
        guard.leaves(admission);
        Admission back = arrives(from);
        assertThat(back.isAdmitted()).isTrue();
        guard.leaves(back);
    }

    private static CidrSet set(String... entries) {
        CidrSet set = CidrSet.of(List.of(entries));
        assertThat(set).isNotNull();
        return set;
    }

    // ---- nothing set

    @Test
    void withoutLimitsEveryConnectionIsLetIn() {
        for (int i = 0; i < 10_000; i++) {
            opened(HOME);
            assertThat(arrives(HOME).isInReserve()).isFalse();
        }
        assertThat(metrics.sum(Metric.ADDRESSES_COUNTED_BY_NETWORK)).isZero();
    }

    // ---- lists

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

    // ---- links

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

    // ---- rates

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

    // ---- handshakes, and the reserve

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
        assertThat(metrics.sum(Metric.RESUME_LANE_ENTERED)).isEqualTo(4);
    }

    @Test
    void whereAllPlacesAreTakenTheOldestOfTheBusiestAddressGivesWay() {
        connections(off -> off.withHandshakes(8));
        Admission honest = arrives(HOME);
        List<Admission> strangers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofMillis(1));
            strangers.add(arrives("198.51.100.1"));
        }
        clock.advance(Duration.ofMillis(1));
        Admission newcomer = arrives("203.0.113.1");
        assertThat(newcomer.isAdmitted() && !newcomer.isInReserve()).isTrue();
        assertThat(gaveWay).containsExactly("198.51.100.1");
        assertThat(opening(strangers.get(0))).isEqualTo(Metric.REFUSED_PENDING_HANDSHAKES);
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
    void aProvedHandshakeGivesWayLastOfItsAddress() {
        connections(off -> off.withHandshakesPerIp(2));
        Admission owner = arrives(HOME);
        assertThat(proving(owner)).isNull();
        guard.waitsForPeer(owner);
        guard.proved(owner);
        List<Admission> strangers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMillis(1));
            strangers.add(arrives(HOME));
        }
        assertThat(gaveWay).hasSize(9);
        assertThat(opening(strangers.get(9))).isNull();
        assertThat(resuming(owner, null)).isNull();
        strangers.forEach(guard::leaves);
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

    // ---- bans

    private void bans(long perMin, long banSecs) {
        guard.limits(GuardLimits.OFF.withResumes(new ResumeLimits(perMin, banSecs)));
    }

    private boolean fails(String from) {
        Admission admission = arrives(from);
        assertThat(admission.isAdmitted()).isTrue();
        boolean banned = guard.failed(admission);
        guard.leaves(admission);
        return banned;
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

    // ---- the tables at their bound

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

    // ---- all of it

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

    // ---- a server that was paused

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
