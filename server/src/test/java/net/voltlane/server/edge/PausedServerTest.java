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
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server that was stopped, or a loop that was late, judges nobody by the time that it has missed: what its peers did
 * meanwhile waits in the sockets.
 */
@ExtendWith(LeakCheck.class)
final class PausedServerTest {
    /** What a loop does first when it goes on: that is chance. */
    enum First {
        SWEEPS {
            @Override
            void goOn(EdgeBench bench) {
                bench.loop.sweep();
                bench.run();
            }
        },
        READS {
            @Override
            void goOn(EdgeBench bench) {
                bench.run();
                bench.loop.sweep();
            }
        };

        abstract void goOn(EdgeBench bench);
    }

    private static final Duration SOON = Duration.ofMillis(500);

    private EdgeBench bench = new EdgeBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private void limits(GuardLimits limits) {
        bench.close();
        bench = new EdgeBench(limits);
    }

    private void rates(long packets, long bytes, RatePolicy policy) {
        limits(GuardLimits.OFF.withRates(new RateLimits(packets, bytes, policy, 0)));
    }

    private static byte[] packets(int first, int last) {
        return concat(
                IntStream.rangeClosed(first, last).mapToObj(i -> frame(i, 6)).toArray(byte[][]::new));
    }

    private void heard(EdgeClient from, int first, int last) {
        assertThat(bench.master.dataOf(from.id))
                .as("packets %d to %d", first, last)
                .containsExactly(IntStream.rangeClosed(first, last)
                        .mapToObj(i -> payload(i, 6))
                        .toArray(byte[][]::new));
    }

    private void isNotBlamed() {
        assertThat(bench.count(Metric.ENDED_RATE_LIMIT)).as("ended").isZero();
        assertThat(bench.count(Metric.LINKS_PAUSED)).as("paused").isZero();
    }

    // ---- rates

    @ParameterizedTest
    @EnumSource
    void packetsSentInAPauseAreNoFlood(First first) {
        for (RatePolicy policy : RatePolicy.values()) {
            rates(25, 0, policy);
            EdgeClient client = bench.open();
            bench.advance(Duration.ofSeconds(2));
            bench.clock.advance(Duration.ofSeconds(3));
            client.channel.receives(packets(1, 30));
            first.goOn(bench);
            bench.advance(SOON);
            heard(client, 1, 30);
            isNotBlamed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void norAreBytes(First first) {
        for (RatePolicy policy : RatePolicy.values()) {
            rates(0, 250, policy);
            EdgeClient client = bench.open();
            bench.advance(Duration.ofSeconds(2));
            bench.clock.advance(Duration.ofSeconds(3));
            client.channel.receives(packets(1, 30));
            first.goOn(bench);
            bench.advance(SOON);
            heard(client, 1, 30);
            isNotBlamed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSentInAPauseAndWentIsHeard(First first) {
        rates(25, 0, RatePolicy.KICK);
        EdgeClient client = bench.open();
        bench.clock.advance(Duration.ofMinutes(1));
        client.channel.receives(packets(1, 1_000));
        client.channel.finished();
        first.goOn(bench);
        bench.advance(SOON);
        heard(client, 1, 1_000);
        assertThat(bench.sessions.staleSize()).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void muchOfItMayTakeAWhileToRead(First first) {
        rates(25, 0, RatePolicy.KICK);
        EdgeClient client = bench.open();
        bench.clock.advance(Duration.ofMinutes(5));
        client.channel.receives(packets(1, 3_000));
        first.goOn(bench);
        bench.advance(Duration.ofSeconds(5));
        client.send(packets(3_001, 4_000));
        bench.advance(SOON);
        heard(client, 1, 4_000);
        isNotBlamed();
    }

    @Test
    void whoSendsMoreThanItCouldHaveSentIsAFloodAllTheSame() {
        rates(25, 0, RatePolicy.KICK);
        EdgeClient client = bench.open();
        bench.clock.advance(Duration.ofSeconds(3));
        client.channel.receives(packets(1, 110));
        First.READS.goOn(bench);
        bench.advance(SOON);
        assertThat(bench.count(Metric.ENDED_RATE_LIMIT)).isOne();
    }

    // ---- silence

    @ParameterizedTest
    @EnumSource
    void whatWaitsIsNoSilence(First first) {
        limits(GuardLimits.OFF.withRates(new RateLimits(0, 0, RatePolicy.PAUSE, 2)));
        EdgeClient client = bench.open();
        client.send(packets(1, 1));
        bench.advance(Duration.ofMillis(1_900));
        bench.clock.advance(Duration.ofSeconds(5));
        client.channel.receives(packets(2, 2));
        first.goOn(bench);
        bench.advance(SOON);
        heard(client, 1, 2);
        assertThat(client.isClosed()).isFalse();
        bench.advance(Duration.ofSeconds(3));
        assertThat(client.isClosed()).as("silent when it was listened to").isTrue();
    }

    // ---- handshakes

    @Test
    void aHandshakeHasTheTimeThatItHadLeft() {
        EdgeClient client = bench.connect();
        EdgeClient silent = bench.connect();
        bench.advance(Duration.ofSeconds(5));
        bench.clock.advance(Duration.ofMinutes(2));
        First.SWEEPS.goOn(bench);
        bench.advance(Duration.ofSeconds(4));
        client.open();
        assertThat(silent.isClosed()).isFalse();
        bench.advance(Duration.ofSeconds(1));
        assertThat(silent.isClosed()).isTrue();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void aHandshakeThatWaitsForALateSessionLoopIsNotOverdue() {
        ServedTime.Loop other = bench.time.join();
        EdgeClient client = bench.open();
        EdgeClient back = client.again();
        bench.clock.advance(Duration.ofMillis(100));
        other.tick();
        back.channel.receives(concat(EdgeClient.frames(EdgeClient.VERSION, new ClientId(client.id))));
        for (int i = 0; i < 300; i++) { // the other loop hangs
            bench.clock.advance(Duration.ofMillis(100));
            bench.loop.sweep();
            bench.clientLoop.run();
        }
        other.tick();
        bench.run();
        back.expect(PubKey.class);
        assertThat(bench.count(Metric.REJECTED_TIMEOUT)).isZero();
    }

    @Test
    void overloadDoesNotKeepStrangersForEver() {
        EdgeClient silent = bench.connect();
        Duration passed = Duration.ZERO;
        while (!silent.isClosed()) {
            bench.clock.advance(Duration.ofMillis(300));
            passed = passed.plusMillis(300);
            bench.loop.sweep();
            assertThat(passed).isLessThan(EdgeBench.HANDSHAKE_TIMEOUT.multipliedBy(2));
        }
    }

    // ---- sessions

    @Test
    void aSessionWhoseResumeWaitsIsNotReaped() {
        EdgeClient client = bench.open();
        client.channel.broken(new IOException("reset"));
        bench.run();
        bench.advance(Duration.ofMinutes(4));
        bench.clock.advance(Duration.ofHours(1));
        bench.sessions.reap();
        assertThat(bench.sessions.keyOf(client.id)).isNotNull();
        client.again().resume();
        bench.loop.sweep();
        bench.advance(Duration.ofMinutes(10));
        assertThat(bench.sessions.keyOf(client.id)).isNotNull();
    }

    @Test
    void norWhileOnlyTheLoopOfItsClientIsLate() {
        ServedTime.Loop session = bench.time.join();
        EdgeClient client = bench.open();
        client.channel.broken(new IOException("reset"));
        bench.run();
        for (int i = 0; i < 10 * 60 * 60; i++) {
            bench.clock.advance(Duration.ofMillis(100));
            session.tick();
            bench.sessions.reap();
        }
        assertThat(bench.sessions.keyOf(client.id)).isNotNull();
        bench.loop.sweep();
        client.again().resume();
    }

    @Test
    void whoIsGoneIsReapedOnceItsTimeHasPassedWhileTheServerRan() {
        EdgeClient client = bench.open();
        client.channel.broken(new IOException("reset"));
        bench.run();
        for (int i = 0; i < 5; i++) {
            bench.advance(Duration.ofSeconds(59));
            bench.clock.advance(Duration.ofHours(1));
            bench.loop.sweep();
            bench.sessions.reap();
            assertThat(bench.sessions.keyOf(client.id)).isNotNull();
        }
        bench.advance(Duration.ofSeconds(6));
        bench.sessions.reap();
        assertThat(bench.sessions.size()).isZero();
    }

    // ---- peers that vanish

    @Test
    void aClientThatAnsweredInAPauseHasAllItsTime() {
        EdgeClient client = bench.open();
        bench.peers.isSilent(client.channel);
        bench.advance(Duration.ofSeconds(15));
        bench.clock.advance(Duration.ofSeconds(1));
        bench.peers.keepsUp(client.channel);
        bench.clock.advance(Duration.ofMinutes(1));
        bench.loop.sweep();
        bench.advance(EdgeBench.PEER_TIMEOUT.minusSeconds(1));
        assertThat(client.channel.isOpen()).isTrue();
        bench.advance(Duration.ofSeconds(3));
        assertThat(client.channel.isOpen()).isFalse();
    }

    // ---- who comes

    @ParameterizedTest
    @EnumSource
    void whoeverCameInAPauseIsLetIn(First first) {
        limits(GuardLimits.OFF.withConnections(ConnectionLimits.OFF.withPerSec(10)));
        bench.advance(Duration.ofSeconds(1));
        bench.clock.advance(Duration.ofSeconds(3));
        if (first == First.SWEEPS) {
            first.goOn(bench);
        }
        for (int i = 0; i < 40; i++) {
            bench.open();
        }
        assertThat(bench.count(Metric.REFUSED_CONNECT_RATE)).isZero();
    }

    @Test
    void aLateLoopIsCounted() {
        bench.clock.advance(Duration.ofSeconds(3));
        bench.loop.sweep();
        assertThat(bench.count(Metric.LOOPS_LATE)).isOne();
    }
}
