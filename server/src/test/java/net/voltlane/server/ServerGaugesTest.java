package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.metrics.Figures;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.LoopFigure;
import net.voltlane.server.metrics.Timing;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ServerGaugesTest {
    /** Gauges of servers with TLS, or with a store. */
    private static final Set<Gauge> ONLY_WITH_MORE =
            EnumSet.of(Gauge.TLS_CERTIFICATE_EXPIRY, Gauge.STORE_UP, Gauge.SESSIONS_UNRECORDED);

    private static Running start() throws Exception {
        return Running.start(new Setup(TransportKind.NIO, 2), c -> c);
    }

    /** Waits until a gauge has this value. */
    private static void await(Running it, Gauge gauge, long value) {
        Awaitility.await(gauge.series())
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(it.server().read(gauge)).isEqualTo(value));
    }

    @Test
    void aRunningServerHasEveryGauge() throws Exception {
        try (Running it = start()) {
            for (Gauge gauge : Gauge.values()) {
                if (!ONLY_WITH_MORE.contains(gauge)) {
                    assertThat(it.server().read(gauge)).as(gauge.series()).isNotNegative();
                }
            }
        }
    }

    /** An alert on a store that is away would have to know which servers have one. */
    @Test
    void aServerWithoutAStoreSaysNothingOfIt() throws Exception {
        try (Running it = start()) {
            assertThat(it.server().figures().has(Gauge.STORE_UP)).isFalse();
            assertThat(it.server().figures().has(Gauge.SESSIONS_UNRECORDED)).isFalse();
        }
    }

    /** With a value such as 0 an alert on the end of certificates would fire. */
    @Test
    void aServerWithoutTlsHasNoEndOfCertificates() throws Exception {
        try (Running it = start()) {
            assertThat(it.server().figures().has(Gauge.TLS_CERTIFICATE_EXPIRY)).isFalse();
            assertThat(it.server().figures().has(Gauge.CONNECTIONS)).isTrue();
        }
    }

    @Test
    void gaugesFollowClientsThatComeAndGo() throws Exception {
        try (Running it = start()) {
            await(it, Gauge.MASTER_UP, 1);
            await(it, Gauge.READY, 1);
            assertThat(it.server().read(Gauge.DRAINING)).isZero();
            await(it, Gauge.SESSIONS_LIVE, 0);
            assertThat(it.server().read(Gauge.CONNECTIONS)).isZero();
            ScriptedClient client = ScriptedClient.open(it.address());
            await(it, Gauge.SESSIONS_LIVE, 1);
            assertThat(it.server().read(Gauge.CONNECTIONS)).isOne();
            client.close();
            await(it, Gauge.SESSIONS_STALE, 1);
            await(it, Gauge.SESSIONS_LIVE, 0);
            await(it, Gauge.CONNECTIONS, 0);
        }
    }

    @Test
    void aHandshakeIsCountedUntilItsConnectionCloses() throws Exception {
        try (Running it = start()) {
            var socket =
                    new java.net.Socket(it.address().getAddress(), it.address().getPort());
            await(it, Gauge.HANDSHAKES, 1);
            socket.close();
            await(it, Gauge.HANDSHAKES, 0);
        }
    }

    @Test
    void everyBoundOfARunningServerIsKnown() throws Exception {
        try (Running it = start()) {
            await(it, Gauge.MASTER_UP, 1);
            for (Gauge gauge : Gauge.values()) {
                if (gauge.series().contains("_limit")) {
                    assertThat(it.server().read(gauge)).as(gauge.series()).isPositive();
                }
            }
            assertThat(it.server().read(Gauge.HELD_BYTES)).isZero();
            assertThat(it.server().read(Gauge.CLIENTS_HELD)).isZero();
            assertThat(it.server().read(Gauge.FIREHOSE_PAUSED)).isZero();
        }
    }

    @Test
    void aServerThatStopsIsNotReady() throws Exception {
        try (Running it = start()) {
            await(it, Gauge.READY, 1);
            it.server().stop();
            await(it, Gauge.READY, 0);
            await(it, Gauge.DRAINING, 1);
        }
    }

    @Test
    void handshakesAndLoopsAreTimed() throws Exception {
        try (Running it = start()) {
            ScriptedClient.open(it.address()).close();
            Figures figures = it.server().figures();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> LongStream.of(figures.buckets(Timing.HANDSHAKE))
                                            .sum()
                                    == 1
                            && LongStream.of(figures.buckets(Timing.LOOP_DELAY)).sum() > 4);
            assertThat(figures.sumNanos(Timing.HANDSHAKE)).isBetween(1_000L, 20_000_000_000L);
            assertThat(figures.read(LoopFigure.CPU)).hasSize(2).doesNotContain(0);
            assertThat(LongStream.of(figures.read(LoopFigure.LONGEST_DELAY)))
                    .hasSize(2)
                    .allMatch(nanos -> nanos >= 0);
        }
    }

    @Test
    void buffersInUseAreAPartOfThoseReserved() throws Exception {
        try (Running it = start()) {
            ScriptedClient.open(it.address()).close();
            await(it, Gauge.SESSIONS_STALE, 1);
            assertThat(it.server().read(Gauge.BUFFERS_USED))
                    .isPositive()
                    .isLessThanOrEqualTo(it.server().read(Gauge.BUFFERS_RESERVED));
        }
    }
}
