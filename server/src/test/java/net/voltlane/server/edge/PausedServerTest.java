package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.SessionDoors;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that a server that was stopped, or a loop that was late, does not hold the missed time against its peers: what
 * they sent in the meantime waits in the sockets.
 */
@ExtendWith(LeakCheck.class)
final class PausedServerTest {
    /** The first thing that a loop does when it goes on, which is up to chance. */
    enum First {
        SWEEPS {
            @Override
            void goOn(EdgeHarness harness) {
                harness.loop.sweep();
                harness.run();
            }
        },
        READS {
            @Override
            void goOn(EdgeHarness harness) {
                harness.run();
                harness.loop.sweep();
            }
        };

        abstract void goOn(EdgeHarness harness);
    }

    private static final Duration SOON = Duration.ofMillis(500);

    private EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void limits(GuardLimits limits) {
        harness.close();
        harness = new EdgeHarness(limits);
    }

    private void rates(long packets, long bytes, RatePolicy policy) {
        limits(GuardLimits.OFF.withRates(new RateLimits(packets, bytes, policy, 0)));
    }

    private static byte[] packets(int first, int last) {
        return concat(
                IntStream.rangeClosed(first, last).mapToObj(i -> frame(i, 6)).toArray(byte[][]::new));
    }

    private void heard(EdgeClient from, int first, int last) {
        assertThat(harness.master.dataOf(from.id))
                .as("packets %d to %d", first, last)
                .containsExactly(IntStream.rangeClosed(first, last)
                        .mapToObj(i -> payload(i, 6))
                        .toArray(byte[][]::new));
    }

    private void isNotBlamed() {
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT)).as("ended").isZero();
        assertThat(harness.count(Metric.LINKS_PAUSED)).as("paused").isZero();
    }

    // ---- rates

    @ParameterizedTest
    @EnumSource
    void packetsSentInAPauseAreNoFlood(First first) {
        for (RatePolicy policy : RatePolicy.values()) {
            rates(25, 0, policy);
            EdgeClient client = harness.open();
            harness.advance(Duration.ofSeconds(2));
            harness.clock.advance(Duration.ofSeconds(3));
            client.channel.receives(packets(1, 30));
            first.goOn(harness);
            harness.advance(SOON);
            heard(client, 1, 30);
            isNotBlamed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesSentInAPauseAreNoFlood(First first) {
        for (RatePolicy policy : RatePolicy.values()) {
            rates(0, 250, policy);
            EdgeClient client = harness.open();
            harness.advance(Duration.ofSeconds(2));
            harness.clock.advance(Duration.ofSeconds(3));
            client.channel.receives(packets(1, 30));
            first.goOn(harness);
            harness.advance(SOON);
            heard(client, 1, 30);
            isNotBlamed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatSentInAPauseAndLeftIsHeard(First first) {
        rates(25, 0, RatePolicy.KICK);
        EdgeClient client = harness.open();
        harness.clock.advance(Duration.ofMinutes(1));
        client.channel.receives(packets(1, 1_000));
        client.channel.finished();
        first.goOn(harness);
        harness.advance(SOON);
        heard(client, 1, 1_000);
        assertThat(harness.sessions.staleSize()).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void readingAllThatGatheredMayTakeAWhile(First first) {
        rates(25, 0, RatePolicy.KICK);
        EdgeClient client = harness.open();
        harness.clock.advance(Duration.ofMinutes(5));
        client.channel.receives(packets(1, 3_000));
        first.goOn(harness);
        harness.advance(Duration.ofSeconds(5));
        client.send(packets(3_001, 4_000));
        harness.advance(SOON);
        heard(client, 1, 4_000);
        isNotBlamed();
    }

    @Test
    void moreThanAClientMaySendInThePauseIsAFlood() {
        rates(25, 0, RatePolicy.KICK);
        EdgeClient client = harness.open();
        harness.clock.advance(Duration.ofSeconds(3));
        client.channel.receives(packets(1, 110));
        First.READS.goOn(harness);
        harness.advance(SOON);
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT)).isOne();
    }

    // ---- silence

    @ParameterizedTest
    @EnumSource
    void aClientWhoseInputWaitsIsNotSilent(First first) {
        limits(GuardLimits.OFF.withRates(new RateLimits(0, 0, RatePolicy.PAUSE, 2)));
        EdgeClient client = harness.open();
        client.send(packets(1, 1));
        harness.advance(Duration.ofMillis(1_900));
        harness.clock.advance(Duration.ofSeconds(5));
        client.channel.receives(packets(2, 2));
        first.goOn(harness);
        harness.advance(SOON);
        heard(client, 1, 2);
        assertThat(client.isClosed()).isFalse();
        harness.advance(Duration.ofSeconds(3));
        assertThat(client.isClosed()).as("silent when it was listened to").isTrue();
    }

    // ---- handshakes

    @Test
    void aPauseDoesNotUseUpTheTimeOfAHandshake() {
        EdgeClient client = harness.connect();
        EdgeClient silent = harness.connect();
        harness.advance(Duration.ofSeconds(5));
        harness.clock.advance(Duration.ofMinutes(2));
        First.SWEEPS.goOn(harness);
        harness.advance(Duration.ofSeconds(4));
        client.open();
        assertThat(silent.isClosed()).isFalse();
        harness.advance(Duration.ofSeconds(1));
        assertThat(silent.isClosed()).isTrue();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void aHandshakeThatWaitsForALateSessionLoopIsNotOverdue() {
        ServedTime.Loop other = harness.time.join(() -> true);
        EdgeClient client = harness.open();
        EdgeClient back = client.again();
        harness.clock.advance(Duration.ofMillis(100));
        other.tick();
        back.channel.receives(concat(EdgeClient.frames(EdgeClient.VERSION, new ClientId(client.id))));
        for (int i = 0; i < 300; i++) { // the other loop hangs
            harness.clock.advance(Duration.ofMillis(100));
            harness.loop.sweep();
            harness.clientLoop.run();
        }
        other.tick();
        harness.run();
        back.expect(PubKey.class);
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isZero();
    }

    @Test
    void overloadDoesNotKeepHandshakesForEver() {
        EdgeClient silent = harness.connect();
        Duration passed = Duration.ZERO;
        while (!silent.isClosed()) {
            harness.clock.advance(Duration.ofMillis(300));
            passed = passed.plusMillis(300);
            harness.loop.sweep();
            assertThat(passed).isLessThan(EdgeHarness.HANDSHAKE_TIMEOUT.multipliedBy(2));
        }
    }

    // ---- sessions

    @Test
    void aSessionWhoseResumeWaitsIsNotReaped() {
        EdgeClient client = harness.open();
        client.channel.broken(new IOException("reset"));
        harness.run();
        harness.advance(Duration.ofMinutes(4));
        harness.clock.advance(Duration.ofHours(1));
        harness.sessions.reap();
        assertThat(SessionDoors.isResumable(harness.sessions, client.id)).isTrue();
        client.again().resume();
        harness.loop.sweep();
        harness.advance(Duration.ofMinutes(10));
        assertThat(SessionDoors.isResumable(harness.sessions, client.id)).isTrue();
    }

    @Test
    void aSessionIsNotReapedWhileOnlyTheLoopOfItsClientIsLate() {
        ServedTime.Loop session = harness.time.join(() -> true);
        EdgeClient client = harness.open();
        client.channel.broken(new IOException("reset"));
        harness.run();
        for (int i = 0; i < 10 * 60 * 60; i++) {
            harness.clock.advance(Duration.ofMillis(100));
            session.tick();
            harness.sessions.reap();
        }
        assertThat(SessionDoors.isResumable(harness.sessions, client.id)).isTrue();
        harness.loop.sweep();
        client.again().resume();
    }

    @Test
    void aStaleSessionIsReapedOnceItsTimeHasPassedWhileTheServerRan() {
        EdgeClient client = harness.open();
        client.channel.broken(new IOException("reset"));
        harness.run();
        for (int i = 0; i < 5; i++) {
            harness.advance(Duration.ofSeconds(59));
            harness.clock.advance(Duration.ofHours(1));
            harness.loop.sweep();
            harness.sessions.reap();
            assertThat(SessionDoors.isResumable(harness.sessions, client.id)).isTrue();
        }
        harness.advance(Duration.ofSeconds(6));
        harness.sessions.reap();
        assertThat(harness.sessions.size()).isZero();
    }

    // ---- peers that vanish

    @Test
    void aClientThatAcknowledgedInAPauseHasItsWholeTime() {
        EdgeClient client = harness.open();
        harness.peers.isSilent(client.channel);
        harness.advance(Duration.ofSeconds(15));
        harness.clock.advance(Duration.ofSeconds(1));
        harness.peers.keepsUp(client.channel);
        harness.clock.advance(Duration.ofMinutes(1));
        harness.loop.sweep();
        harness.advance(EdgeHarness.PEER_TIMEOUT.minusSeconds(1));
        assertThat(client.channel.isOpen()).isTrue();
        harness.advance(Duration.ofSeconds(3));
        assertThat(client.channel.isOpen()).isFalse();
    }

    // ---- connections

    @ParameterizedTest
    @EnumSource
    void connectionsThatGatheredInAPauseAreLetIn(First first) {
        limits(GuardLimits.OFF.withConnections(ConnectionLimits.OFF.withPerSec(10)));
        harness.advance(Duration.ofSeconds(1));
        harness.clock.advance(Duration.ofSeconds(3));
        if (first == First.SWEEPS) {
            first.goOn(harness);
        }
        for (int i = 0; i < 40; i++) {
            harness.open();
        }
        assertThat(harness.count(Metric.REFUSED_CONNECT_RATE)).isZero();
    }

    @Test
    void aLateLoopIsCounted() {
        harness.clock.advance(Duration.ofSeconds(3));
        harness.loop.sweep();
        assertThat(harness.count(Metric.LOOPS_LATE)).isOne();
    }
}
