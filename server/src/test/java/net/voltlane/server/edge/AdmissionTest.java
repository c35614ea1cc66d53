package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.HOME;
import static net.voltlane.server.edge.EdgeClient.VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.ResumeLimits;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Limits on connections, and the lane for those who come back. */
@ExtendWith(LeakCheck.class)
final class AdmissionTest {
    private static final String ELSEWHERE = "198.51.100.1";
    private static final Duration LANE_WAIT = Duration.ofSeconds(3);

    private EdgeBench bench = new EdgeBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private void limits(GuardLimits limits) {
        bench.close();
        bench = new EdgeBench(limits);
    }

    private void connections(UnaryOperator<ConnectionLimits> limits) {
        limits(GuardLimits.OFF.withConnections(limits.apply(ConnectionLimits.OFF)));
    }

    private EdgeClient open(String from) {
        return bench.connect(from).open();
    }

    private static void isReset(EdgeClient client) {
        assertThat(client.channel.wasReset()).isTrue();
    }

    // ---- at accept

    @Test
    void whoIsDeniedIsResetBeforeAWordAndWarnedOfOnce() {
        limits(GuardLimits.OFF.withDeny(CidrSet.of(List.of("198.51.100.0/24"))));
        for (int i = 0; i < 10; i++) {
            EdgeClient denied = bench.connect(ELSEWHERE);
            isReset(denied);
            assertThat(denied.channel.pipeline().first()).as("handler").isNull();
        }
        assertThat(bench.count(Metric.REFUSED_DENIED)).isEqualTo(10);
        assertThat(bench.log.lines())
                .containsExactly("WARN Refused 1 client: in limits.deny, or not in limits.allow (last: 198.51.100.1)");
        open(HOME);
    }

    @Test
    void whoeverIsRefusedIsNamedAndABanIsNotHiddenByAFlood() {
        limits(GuardLimits.OFF
                .withConnections(ConnectionLimits.OFF.withPerSecPerIp(10))
                .withResumes(new ResumeLimits(1, 60)));
        EdgeClient owner = bench.open();
        EdgeClient first = owner.again("2001:db8::7");
        EdgeClient second = owner.again("2001:db8::7");
        for (int i = 0; i < 100; i++) {
            bench.connect(ELSEWHERE);
        }
        for (EdgeClient thief : List.of(first, second)) {
            thief.challenge();
            thief.send(new ChallengeResponse(new byte[72]));
        }
        isReset(bench.connect("2001:db8::7"));
        assertThat(bench.log.lines())
                .containsExactly(
                        "WARN Refused 1 client: over limits.connects_per_sec_per_ip (last: 198.51.100.1)",
                        "WARN Rejected 1 client: no such session, or a wrong proof for it (last: 2001:db8::7)",
                        "WARN Banned 1 address: too many wrong proofs, for limits.ban_secs (last: 2001:db8::7)");
        bench.advance(Duration.ofSeconds(10));
        isReset(bench.connect("2001:db8::7"));
        assertThat(bench.log.lines())
                .last()
                .isEqualTo("WARN Refused 91 clients: 89 over limits.connects_per_sec_per_ip, 2 banned for wrong proofs"
                        + " (last: 2001:db8::7)");
    }

    @Test
    void aNewClientTooManyIsNamed() {
        connections(off -> off.withTotal(1).withHandshakes(4));
        open(HOME);
        bench.connect(ELSEWHERE)
                .send(VERSION, new PubKey(bench.connect(HOME).keys.publicKey()));
        assertThat(bench.log.lines())
                .containsExactly("WARN Refused 1 client: over limits.max_clients (last: 198.51.100.1)");
    }

    @Test
    void anAddressOverItsRateIsReset() {
        connections(off -> off.withPerSecPerIp(1));
        open(HOME);
        isReset(bench.connect(HOME));
        assertThat(bench.count(Metric.REFUSED_CONNECT_RATE_PER_IP)).isOne();
        bench.advance(Duration.ofSeconds(1));
        open(HOME);
    }

    @Test
    void linksThatWereTakenOverCountOnceThereAreMany() {
        connections(off -> off.withPerIp(1).withTotal(1).withHandshakes(4));
        EdgeClient last = open(HOME);
        List<EdgeClient> all = new ArrayList<>(List.of(last));
        for (int i = 0; i < 100 && !last.channel.wasReset(); i++) {
            last = last.again();
            all.add(last);
            if (!last.channel.wasReset()) {
                last.resume();
            }
        }
        assertThat(all.stream().filter(client -> client.channel.isOpen())).hasSizeBetween(2, 12);
        bench.advance(Duration.ofSeconds(6)); // those that do not close are reset
        assertThat(all.stream().filter(client -> client.channel.isOpen())).hasSizeLessThanOrEqualTo(1);
        all.get(all.size() - 2).again().resume();
    }

    @Test
    void linksThatWereTakenOverAreClosedOnceTheyAreInTheWay() {
        limits(GuardLimits.OFF);
        bench.guard.room(64, Metric.REFUSED_DESCRIPTORS);
        EdgeClient last = open(HOME);
        List<EdgeClient> all = new ArrayList<>(List.of(last));
        for (int i = 0; i < 20; i++) {
            last = last.again();
            last.resume();
            all.add(last);
        }
        assertThat(all.stream().filter(client -> client.channel.isOpen()))
                .hasSize(3)
                .contains(last);
    }

    @Test
    void whatWasOpenedBeforeABanIsOfNoUseBehindIt() {
        limits(GuardLimits.OFF.withResumes(new ResumeLimits(1, 60)));
        EdgeClient owner = bench.open();
        List<EdgeClient> thieves = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            thieves.add(owner.again());
        }
        for (EdgeClient thief : thieves.subList(0, 2)) {
            thief.challenge();
            thief.send(new ChallengeResponse(new byte[72]));
        }
        assertThat(bench.count(Metric.ADDRESSES_BANNED)).isOne();
        for (EdgeClient thief : thieves.subList(2, 20)) {
            thief.send(new ProtocolVersion(2), new ClientId(owner.id));
            isReset(thief);
        }
        assertThat(bench.count(Metric.REFUSED_BANNED)).isEqualTo(18);
        bench.advance(Duration.ofSeconds(60));
        owner.again().resume();
    }

    @Test
    void whoComesBackFindsRoomWhereTheMachinesIsUsedUp() {
        limits(GuardLimits.OFF);
        bench.guard.room(8, Metric.REFUSED_DESCRIPTORS);
        List<EdgeClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(open(HOME));
        }
        List<EdgeClient> silent = strangers(3);
        for (int i = 0; i < 3; i++) {
            clients.add(open(HOME));
            isReset(silent.get(i));
        }
        assertThat(bench.count(Metric.REFUSED_DESCRIPTORS)).isEqualTo(3);
        EdgeClient late = bench.connect(ELSEWHERE);
        late.send(VERSION);
        late.expect(PubKey.class);
        late.send(new PubKey(late.keys.publicKey()));
        isReset(late);
        assertThat(bench.count(Metric.REFUSED_DESCRIPTORS)).isEqualTo(4);
        clients.get(0).again().resume();
        clients.get(1).channel.finished();
        bench.run();
        open(ELSEWHERE);
    }

    // ---- new sessions

    @Test
    void aNewClientTooManyIsResetWithItsKey() {
        connections(off -> off.withTotal(1));
        EdgeClient client = open(HOME);
        EdgeClient late = bench.connect(ELSEWHERE);
        late.send(VERSION);
        late.expect(PubKey.class);
        late.send(new PubKey(late.keys.publicKey()));
        isReset(late);
        assertThat(bench.count(Metric.REFUSED_MAX_CLIENTS)).isOne();
        assertThat(bench.sessions.size()).isOne();
        assertThat(bench.computations.waiting())
                .as("nothing was computed for it")
                .isZero();
        client.channel.finished();
        bench.run();
        open(ELSEWHERE);
    }

    @Test
    void aSessionWithoutALinkDoesNotCount() {
        connections(off -> off.withTotal(1).withPerIp(1));
        EdgeClient away = open(HOME);
        away.channel.finished();
        bench.run();
        EdgeClient other = open(HOME);
        other.channel.finished();
        bench.run();
        assertThat(bench.sessions.staleSize()).isEqualTo(2);
        away.again().resume();
    }

    @Test
    void aKeyThatIsNoneIsNotCountedForLong() {
        connections(off -> off.withTotal(1));
        EdgeClient bad = bench.connect();
        bad.send(VERSION, new PubKey(new byte[33]));
        bad.channel.finished();
        bench.run();
        assertThat(bad.channel.isOpen()).isFalse();
        open(HOME);
    }

    // ---- those who come back

    @Test
    void thoseWhoComeBackAreLetInOverMaxClients() {
        connections(off -> off.withTotal(1));
        EdgeClient away = open(HOME);
        away.channel.finished();
        bench.run();
        open(ELSEWHERE);
        away.again().resume();
        assertThat(bench.count(Metric.RESUME_LANE_ENTERED)).isOne();
    }

    @Test
    void aTakeoverIsNeverRefusedForItsOwnOldLink() {
        connections(off -> off.withTotal(1).withPerIp(1).withPerSubnet(1));
        EdgeClient owner = open(HOME);
        for (int i = 0; i < 5; i++) {
            owner = owner.again().resume();
        }
        owner.again(ELSEWHERE).resume();
        assertThat(bench.count(Metric.SESSIONS_TAKEN_OVER)).isEqualTo(6);
        EdgeClient late = bench.connect(HOME);
        late.send(VERSION, new PubKey(late.keys.publicKey()));
        isReset(late);
    }

    @Test
    void aProofIsNoWayAroundTheLimitOfAnAddress() {
        connections(off -> off.withPerIp(1));
        EdgeClient owner = open(ELSEWHERE);
        EdgeClient neighbour = open(HOME);
        EdgeClient moving = owner.again(HOME);
        moving.send(new ChallengeResponse(moving.answerTo(moving.challenge())), new Ping());
        isReset(moving);
        assertThat(bench.count(Metric.REFUSED_MAX_CLIENTS_PER_IP)).isOne();
        assertThat(owner.isClosed()).as("the session is as it was").isFalse();
        assertThat(bench.master.heard()).isEmpty();
        neighbour.channel.finished();
        bench.run();
        owner.again(HOME).resume();
    }

    // ---- the lane

    /** Strangers that hold all places but those of the lane. */
    private List<EdgeClient> strangers(int n) {
        List<EdgeClient> strangers = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            strangers.add(bench.connect(ELSEWHERE));
        }
        return strangers;
    }

    @Test
    void whileStrangersHoldAllPlacesOwnersComeBackAndNewClientsGetIn() {
        connections(off -> off.withHandshakes(4));
        EdgeClient owner = open(HOME);
        List<EdgeClient> strangers = strangers(3);
        owner.again().resume();
        isReset(strangers.get(0));
        strangers.add(bench.connect(ELSEWHERE));
        open("203.0.113.1");
        isReset(strangers.get(1));
        assertThat(bench.count(Metric.REFUSED_PENDING_HANDSHAKES)).isEqualTo(2);
        strangers.get(2).open();
        assertThat(bench.log.lines())
                .containsExactly(
                        "WARN Refused 1 client: over limits.max_pending_handshakes, the oldest handshake of the"
                                + " busiest address (last: 198.51.100.1)");
    }

    @Test
    void anAddressOverItsShareOfHandshakesLosesItsOldest() {
        connections(off -> off.withHandshakesPerIp(2));
        EdgeClient honest = bench.connect(HOME);
        List<EdgeClient> strangers = strangers(5);
        assertThat(strangers.subList(0, 3)).allMatch(stranger -> stranger.channel.wasReset());
        assertThat(strangers.subList(3, 5)).noneMatch(EdgeClient::isClosed);
        assertThat(bench.count(Metric.REFUSED_PENDING_HANDSHAKES_PER_IP)).isEqualTo(3);
        honest.open();
    }

    /** From now on whoever comes is in the lane. */
    private EdgeClient onlyTheLane(int handshakes) {
        connections(off -> off.withHandshakes(handshakes).withTotal(1));
        return open(HOME);
    }

    @Test
    void anUnknownIdIsTreatedInTheLaneAsAKnownOne() {
        EdgeClient owner = onlyTheLane(8);
        EdgeClient known = owner.again();
        EdgeClient unknown = bench.connect(HOME);
        unknown.id = 42;
        assertThat(known.challenge()).hasSameSizeAs(unknown.challenge());
        known.send(new ChallengeResponse(new byte[72]));
        unknown.send(new ChallengeResponse(new byte[72]));
        isReset(known);
        isReset(unknown);
        assertThat(bench.count(Metric.REJECTED_PROOF)).isEqualTo(2);
    }

    @Test
    void inAFullLaneTheLongestWaitingGivesWay() {
        EdgeClient owner = onlyTheLane(8);
        EdgeClient first = bench.connect(ELSEWHERE);
        EdgeClient second = bench.connect(ELSEWHERE);
        EdgeClient back = owner.again();
        isReset(first);
        assertThat(bench.count(Metric.REFUSED_MAX_CLIENTS)).isOne();
        byte[] box = back.challenge();
        EdgeClient third = bench.connect(ELSEWHERE);
        isReset(second);
        back.send(new ChallengeResponse(back.answerTo(box)), new Ping());
        back.expect(Ping.class);
        assertThat(third.channel.isOpen()).isTrue();
    }

    @Test
    void whoWaitsForUsDoesNotGiveWay() {
        EdgeClient owner = onlyTheLane(4);
        EdgeClient back = owner.again();
        bench.computations.hold(1);
        back.send(VERSION, new ClientId(owner.id));
        EdgeClient late = bench.connect(ELSEWHERE);
        isReset(late);
        bench.computations.runAll();
        bench.run();
        back.expect(PubKey.class);
        byte[] box = back.expect(Challenge.class).box();
        back.send(new ChallengeResponse(back.answerTo(box)), new Ping());
        back.expect(Ping.class);
    }

    @Test
    void whoHasProvedItselfDoesNotGiveWayToItsNeighbours() {
        EdgeClient owner = onlyTheLane(8);
        EdgeClient back = owner.again();
        byte[] box = back.challenge();
        back.send(new ChallengeResponse(back.answerTo(box)));
        EdgeClient silent = bench.connect(HOME);
        bench.connect(HOME);
        isReset(silent);
        back.send(new Ping());
        back.expect(Ping.class);
    }

    @Test
    void eachStepInTheLaneHasAShortTime() {
        EdgeClient owner = onlyTheLane(8);
        EdgeClient silent = bench.connect(HOME);
        EdgeClient speaking = owner.again();
        bench.advance(LANE_WAIT.minusNanos(1));
        byte[] box = speaking.challenge();
        bench.advance(Duration.ofNanos(1));
        isReset(silent);
        assertThat(speaking.channel.isOpen()).isTrue();
        bench.advance(LANE_WAIT.minusNanos(1));
        assertThat(speaking.channel.isOpen()).isFalse();
        assertThat(box).isNotEmpty();
        assertThat(bench.count(Metric.REJECTED_TIMEOUT)).isEqualTo(2);
    }

    @Test
    void aFaultInTheLaneIsResetAndGivesItsPlaceBack() {
        onlyTheLane(4);
        for (int i = 0; i < 3; i++) {
            EdgeClient faulty = bench.connect(HOME);
            faulty.send(VERSION, new Ping());
            isReset(faulty);
        }
        assertThat(bench.count(Metric.REJECTED_UNEXPECTED)).isEqualTo(3);
    }

    @Test
    void aFaultyLinkThatClosesHoldsItsPlaceUntilAnotherNeedsIt() {
        connections(off -> off.withHandshakes(4));
        EdgeClient faulty = bench.connect(ELSEWHERE);
        faulty.send(VERSION, new Ping());
        assertThat(faulty.isClosed()).isTrue();
        strangers(2);
        assertThat(faulty.channel.isOpen()).isTrue();
        open(HOME);
        isReset(faulty);
    }

    // ---- bans

    @Test
    void onlyAWrongProofCountsTowardsABan() {
        limits(GuardLimits.OFF.withResumes(new ResumeLimits(1, 60)));
        EdgeClient owner = open(HOME);
        for (int i = 0; i < 5; i++) {
            EdgeClient givenUp = owner.again();
            givenUp.challenge();
            givenUp.channel.finished();
            bench.run();
        }
        for (int i = 0; i < 2; i++) {
            EdgeClient wrong = owner.again();
            wrong.challenge();
            wrong.send(new ChallengeResponse(new byte[72]));
        }
        isReset(owner.again());
        assertThat(bench.count(Metric.REFUSED_BANNED)).isOne();
        assertThat(bench.count(Metric.ADDRESSES_BANNED)).isOne();
        assertThat(owner.isClosed()).isFalse();
        EdgeClient moved = owner.again(ELSEWHERE).resume();
        moved.send(Frame.of(new byte[] {1}));
        bench.advance(Duration.ofSeconds(60));
        moved.again(HOME).resume();
    }
}
