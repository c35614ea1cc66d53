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

/** Limits on connections, and the resume reserve. */
@ExtendWith(LeakCheck.class)
final class AdmissionTest {
    private static final String ELSEWHERE = "198.51.100.1";
    private static final Duration LANE_WAIT = Duration.ofSeconds(3);

    private EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void limits(GuardLimits limits) {
        harness.close();
        harness = new EdgeHarness(limits);
    }

    private void connections(UnaryOperator<ConnectionLimits> limits) {
        limits(GuardLimits.OFF.withConnections(limits.apply(ConnectionLimits.OFF)));
    }

    private EdgeClient open(String from) {
        return harness.connect(from).open();
    }

    private static void isReset(EdgeClient client) {
        assertThat(client.channel.wasReset()).isTrue();
    }

    // ---- at accept

    @Test
    void aDeniedAddressIsResetBeforeItsFirstPacketAndLoggedOnce() {
        limits(GuardLimits.OFF.withDeny(CidrSet.of(List.of("198.51.100.0/24"))));
        for (int i = 0; i < 10; i++) {
            EdgeClient denied = harness.connect(ELSEWHERE);
            isReset(denied);
            assertThat(denied.channel.pipeline().first()).as("handler").isNull();
        }
        assertThat(harness.count(Metric.REFUSED_DENIED)).isEqualTo(10);
        assertThat(harness.log.lines())
                .containsExactly("WARN Refused 1 client: in limits.deny, or not in limits.allow (last: 198.51.100.1)");
        open(HOME);
    }

    @Test
    void refusedAddressesAreLoggedAndAFloodDoesNotHideABan() {
        limits(GuardLimits.OFF
                .withConnections(ConnectionLimits.OFF.withPerSecPerIp(10))
                .withResumes(new ResumeLimits(1, 60)));
        EdgeClient owner = harness.open();
        EdgeClient first = owner.again("2001:db8::7");
        EdgeClient second = owner.again("2001:db8::7");
        for (int i = 0; i < 100; i++) {
            harness.connect(ELSEWHERE);
        }
        for (EdgeClient thief : List.of(first, second)) {
            thief.challenge();
            thief.send(new ChallengeResponse(new byte[72]));
        }
        isReset(harness.connect("2001:db8::7"));
        assertThat(harness.log.lines())
                .containsExactly(
                        "WARN Refused 1 client: over limits.connects_per_sec_per_ip (last: 198.51.100.1)",
                        "WARN Rejected 1 client: no such session, or a wrong proof for it (last: 2001:db8::7)",
                        "WARN Banned 1 address: too many wrong proofs, for limits.ban_secs (last: 2001:db8::7)");
        harness.advance(Duration.ofSeconds(10));
        isReset(harness.connect("2001:db8::7"));
        assertThat(harness.log.lines())
                .last()
                .isEqualTo("WARN Refused 91 clients: 89 over limits.connects_per_sec_per_ip, 2 from banned addresses"
                        + " (last: 2001:db8::7)");
    }

    @Test
    void aNewClientOverTheLimitIsLogged() {
        connections(off -> off.withTotal(1).withHandshakes(4));
        open(HOME);
        harness.connect(ELSEWHERE)
                .send(VERSION, new PubKey(harness.connect(HOME).keys.publicKey()));
        assertThat(harness.log.lines())
                .containsExactly("WARN Refused 1 client: over limits.max_clients (last: 198.51.100.1)");
    }

    @Test
    void anAddressOverItsRateIsReset() {
        connections(off -> off.withPerSecPerIp(1));
        open(HOME);
        isReset(harness.connect(HOME));
        assertThat(harness.count(Metric.REFUSED_CONNECT_RATE_PER_IP)).isOne();
        harness.advance(Duration.ofSeconds(1));
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
        harness.advance(Duration.ofSeconds(6)); // links that do not close are reset
        assertThat(all.stream().filter(client -> client.channel.isOpen())).hasSizeLessThanOrEqualTo(1);
        all.get(all.size() - 2).again().resume();
    }

    @Test
    void linksThatWereTakenOverAreClosedWhenTheirPlacesAreNeeded() {
        limits(GuardLimits.OFF);
        harness.guard.room(64, Metric.REFUSED_DESCRIPTORS);
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
    void connectionsOpenedBeforeABanCanNotProveAnythingAfterIt() {
        limits(GuardLimits.OFF.withResumes(new ResumeLimits(1, 60)));
        EdgeClient owner = harness.open();
        List<EdgeClient> thieves = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            thieves.add(owner.again());
        }
        for (EdgeClient thief : thieves.subList(0, 2)) {
            thief.challenge();
            thief.send(new ChallengeResponse(new byte[72]));
        }
        assertThat(harness.count(Metric.ADDRESSES_BANNED)).isOne();
        for (EdgeClient thief : thieves.subList(2, 20)) {
            thief.send(new ProtocolVersion(2), new ClientId(owner.id));
            isReset(thief);
        }
        assertThat(harness.count(Metric.REFUSED_BANNED)).isEqualTo(18);
        harness.advance(Duration.ofSeconds(60));
        owner.again().resume();
    }

    @Test
    void returningClientsFindRoomWhenTheMachineHasNoneLeft() {
        limits(GuardLimits.OFF);
        harness.guard.room(8, Metric.REFUSED_DESCRIPTORS);
        List<EdgeClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(open(HOME));
        }
        List<EdgeClient> silent = others(3);
        for (int i = 0; i < 3; i++) {
            clients.add(open(HOME));
            isReset(silent.get(i));
        }
        assertThat(harness.count(Metric.REFUSED_DESCRIPTORS)).isEqualTo(3);
        EdgeClient late = harness.connect(ELSEWHERE);
        late.send(VERSION);
        late.expect(PubKey.class);
        late.send(new PubKey(late.keys.publicKey()));
        isReset(late);
        assertThat(harness.count(Metric.REFUSED_DESCRIPTORS)).isEqualTo(4);
        clients.get(0).again().resume();
        clients.get(1).channel.finished();
        harness.run();
        open(ELSEWHERE);
    }

    // ---- new sessions

    @Test
    void aNewClientTooManyIsResetWithItsKey() {
        connections(off -> off.withTotal(1));
        EdgeClient client = open(HOME);
        EdgeClient late = harness.connect(ELSEWHERE);
        late.send(VERSION);
        late.expect(PubKey.class);
        late.send(new PubKey(late.keys.publicKey()));
        isReset(late);
        assertThat(harness.count(Metric.REFUSED_MAX_CLIENTS)).isOne();
        assertThat(harness.sessions.size()).isOne();
        assertThat(harness.computations.waiting())
                .as("nothing was computed for it")
                .isZero();
        client.channel.finished();
        harness.run();
        open(ELSEWHERE);
    }

    @Test
    void aSessionWithoutALinkDoesNotCount() {
        connections(off -> off.withTotal(1).withPerIp(1));
        EdgeClient away = open(HOME);
        away.channel.finished();
        harness.run();
        EdgeClient other = open(HOME);
        other.channel.finished();
        harness.run();
        assertThat(harness.sessions.staleSize()).isEqualTo(2);
        away.again().resume();
    }

    @Test
    void aClientWithAnInvalidKeyIsCountedOnlyUntilItIsClosed() {
        connections(off -> off.withTotal(1));
        EdgeClient bad = harness.connect();
        bad.send(VERSION, new PubKey(new byte[33]));
        bad.channel.finished();
        harness.run();
        assertThat(bad.channel.isOpen()).isFalse();
        open(HOME);
    }

    // ---- resumes

    @Test
    void returningClientsAreLetInOverMaxClients() {
        connections(off -> off.withTotal(1));
        EdgeClient away = open(HOME);
        away.channel.finished();
        harness.run();
        open(ELSEWHERE);
        away.again().resume();
        assertThat(harness.count(Metric.RESUME_RESERVE_ENTERED)).isOne();
    }

    @Test
    void aTakeoverIsNeverRefusedForItsOwnOldLink() {
        connections(off -> off.withTotal(1).withPerIp(1).withPerSubnet(1));
        EdgeClient owner = open(HOME);
        for (int i = 0; i < 5; i++) {
            owner = owner.again().resume();
        }
        owner.again(ELSEWHERE).resume();
        assertThat(harness.count(Metric.SESSIONS_TAKEN_OVER)).isEqualTo(6);
        EdgeClient late = harness.connect(HOME);
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
        assertThat(harness.count(Metric.REFUSED_MAX_CLIENTS_PER_IP)).isOne();
        assertThat(owner.isClosed()).as("the session is as it was").isFalse();
        assertThat(harness.master.received()).isEmpty();
        neighbour.channel.finished();
        harness.run();
        owner.again(HOME).resume();
    }

    // ---- the reserve

    /** Silent connections that hold all places but those of the reserve. */
    private List<EdgeClient> others(int n) {
        List<EdgeClient> others = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            others.add(harness.connect(ELSEWHERE));
        }
        return others;
    }

    @Test
    void whileSilentConnectionsHoldAllPlacesOwnersResumeAndNewClientsGetIn() {
        connections(off -> off.withHandshakes(4));
        EdgeClient owner = open(HOME);
        List<EdgeClient> others = others(3);
        owner.again().resume();
        isReset(others.get(0));
        others.add(harness.connect(ELSEWHERE));
        open("203.0.113.1");
        isReset(others.get(1));
        assertThat(harness.count(Metric.REFUSED_PENDING_HANDSHAKES)).isEqualTo(2);
        others.get(2).open();
        assertThat(harness.log.lines())
                .containsExactly(
                        "WARN Refused 1 client: over limits.max_pending_handshakes, the oldest handshake of the"
                                + " busiest address (last: 198.51.100.1)");
    }

    @Test
    void anAddressOverItsShareOfHandshakesLosesItsOldest() {
        connections(off -> off.withHandshakesPerIp(2));
        EdgeClient honest = harness.connect(HOME);
        List<EdgeClient> others = others(5);
        assertThat(others.subList(0, 3)).allMatch(other -> other.channel.wasReset());
        assertThat(others.subList(3, 5)).noneMatch(EdgeClient::isClosed);
        assertThat(harness.count(Metric.REFUSED_PENDING_HANDSHAKES_PER_IP)).isEqualTo(3);
        honest.open();
    }

    /** Connections that arrive from now on are in the reserve. */
    private EdgeClient onlyTheReserve(int handshakes) {
        connections(off -> off.withHandshakes(handshakes).withTotal(1));
        return open(HOME);
    }

    @Test
    void anUnknownIdIsTreatedInTheReserveAsAKnownOne() {
        EdgeClient owner = onlyTheReserve(8);
        EdgeClient known = owner.again();
        EdgeClient unknown = harness.connect(HOME);
        unknown.id = 42;
        assertThat(known.challenge()).hasSameSizeAs(unknown.challenge());
        known.send(new ChallengeResponse(new byte[72]));
        unknown.send(new ChallengeResponse(new byte[72]));
        isReset(known);
        isReset(unknown);
        assertThat(harness.count(Metric.REJECTED_PROOF)).isEqualTo(2);
    }

    @Test
    void inAFullReserveTheLongestWaitingGivesWay() {
        EdgeClient owner = onlyTheReserve(8);
        EdgeClient first = harness.connect(ELSEWHERE);
        EdgeClient second = harness.connect(ELSEWHERE);
        EdgeClient back = owner.again();
        isReset(first);
        assertThat(harness.count(Metric.REFUSED_MAX_CLIENTS)).isOne();
        byte[] box = back.challenge();
        EdgeClient third = harness.connect(ELSEWHERE);
        isReset(second);
        back.send(new ChallengeResponse(back.answerTo(box)), new Ping());
        back.expect(Ping.class);
        assertThat(third.channel.isOpen()).isTrue();
    }

    @Test
    void aHandshakeThatWaitsForTheServerDoesNotGiveWay() {
        EdgeClient owner = onlyTheReserve(4);
        EdgeClient back = owner.again();
        harness.computations.hold(1);
        back.send(VERSION, new ClientId(owner.id));
        EdgeClient late = harness.connect(ELSEWHERE);
        isReset(late);
        harness.computations.runAll();
        harness.run();
        back.expect(PubKey.class);
        byte[] box = back.expect(Challenge.class).box();
        back.send(new ChallengeResponse(back.answerTo(box)), new Ping());
        back.expect(Ping.class);
    }

    @Test
    void aProvedHandshakeDoesNotGiveWayToItsNeighbours() {
        EdgeClient owner = onlyTheReserve(8);
        EdgeClient back = owner.again();
        byte[] box = back.challenge();
        back.send(new ChallengeResponse(back.answerTo(box)));
        EdgeClient silent = harness.connect(HOME);
        harness.connect(HOME);
        isReset(silent);
        back.send(new Ping());
        back.expect(Ping.class);
    }

    @Test
    void eachStepInTheReserveHasAShortTime() {
        EdgeClient owner = onlyTheReserve(8);
        EdgeClient silent = harness.connect(HOME);
        EdgeClient speaking = owner.again();
        harness.advance(LANE_WAIT.minusNanos(1));
        byte[] box = speaking.challenge();
        harness.advance(Duration.ofNanos(1));
        isReset(silent);
        assertThat(speaking.channel.isOpen()).isTrue();
        harness.advance(LANE_WAIT.minusNanos(1));
        assertThat(speaking.channel.isOpen()).isFalse();
        assertThat(box).isNotEmpty();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isEqualTo(2);
    }

    @Test
    void aFaultInTheReserveIsResetAndGivesItsPlaceBack() {
        onlyTheReserve(4);
        for (int i = 0; i < 3; i++) {
            EdgeClient faulty = harness.connect(HOME);
            faulty.send(VERSION, new Ping());
            isReset(faulty);
        }
        assertThat(harness.count(Metric.REJECTED_UNEXPECTED)).isEqualTo(3);
    }

    @Test
    void aFaultyLinkThatClosesHoldsItsPlaceUntilAnotherNeedsIt() {
        connections(off -> off.withHandshakes(4));
        EdgeClient faulty = harness.connect(ELSEWHERE);
        faulty.send(VERSION, new Ping());
        assertThat(faulty.isClosed()).isTrue();
        others(2);
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
            harness.run();
        }
        for (int i = 0; i < 2; i++) {
            EdgeClient wrong = owner.again();
            wrong.challenge();
            wrong.send(new ChallengeResponse(new byte[72]));
        }
        isReset(owner.again());
        assertThat(harness.count(Metric.REFUSED_BANNED)).isOne();
        assertThat(harness.count(Metric.ADDRESSES_BANNED)).isOne();
        assertThat(owner.isClosed()).isFalse();
        EdgeClient moved = owner.again(ELSEWHERE).resume();
        moved.send(Frame.of(new byte[] {1}));
        harness.advance(Duration.ofSeconds(60));
        moved.again(HOME).resume();
    }
}
