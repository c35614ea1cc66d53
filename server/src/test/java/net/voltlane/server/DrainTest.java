package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Reason;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/** A drain of a whole server, over real sockets. */
final class DrainTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int PACKETS = 150;

    private static Running start() throws Exception {
        return start(ServerConfig.defaults().master().reconnectTimeoutSecs());
    }

    private static Running start(long reconnectTimeoutSecs) throws Exception {
        return Running.start(
                new Setup(TransportKind.AUTO, 2),
                config -> config.withClients(
                                config.clients().withMissedPacketsBufferSize(10).withChannelCapacityBytes(64 << 20))
                        .withMaster(config.master().withReconnectTimeoutSecs(reconnectTimeoutSecs)));
    }

    /** A client that does not read, with more on its way than its sockets hold. */
    private static ScriptedClient slow(Running it) {
        ScriptedClient slow = ScriptedClient.connect(it.address(), 16 * 1024);
        slow.openSession();
        heard(it, slow);
        for (int i = 0; i < PACKETS; i++) {
            it.firehose().send(slow.id(), Bytes.numbered(i, 64 * 1024));
        }
        await().until(() -> it.server().read(Gauge.HELD_BYTES) > 1 << 20);
        return slow;
    }

    private static void heard(Running it, ScriptedClient client) {
        client.send(Bytes.utf8("hello"));
        assertThat(it.firehose().dataOf(client.id())).isEqualTo(Bytes.utf8("hello"));
    }

    private static void ends(Running it) throws Exception {
        it.server().ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(it.server().state()).isEqualTo(ServerState.STOPPED);
        assertThat(it.server().draining()).isEmpty();
    }

    @Test
    void aServerWithoutSessionsStopsAtOnce() throws Exception {
        try (Running it = start()) {
            assertThat(it.server().state()).isEqualTo(ServerState.LISTENING);
            it.server().drain(LONG);
            ends(it);
        }
    }

    @Test
    void idleClientsHoldUpNothing() throws Exception {
        try (Running it = start();
                ScriptedClient client = ScriptedClient.open(it.address());
                ScriptedClient unheard = ScriptedClient.open(it.address())) {
            heard(it, client);
            it.server().drain(LONG);
            it.firehose().expectFailure(client.id(), Reason.SERVER_STOPPING);
            client.readUntilClosed();
            client.shutdownOutput();
            unheard.readUntilClosed();
            unheard.shutdownOutput();
            ends(it);
        }
    }

    @Test
    void newClientsAreRefusedWhileOthersComeBackAndTakeWhatWaits() throws Exception {
        try (Running it = start();
                ScriptedClient slow = slow(it);
                ScriptedClient gone = ScriptedClient.open(it.address())) {
            heard(it, gone);
            ClientIdentity who = gone.identity();
            gone.cut();
            await().until(() -> it.server().read(Gauge.SESSIONS_STALE) == 1);
            it.firehose().send(who.id(), Bytes.utf8("missed"));

            it.server().drain(LONG);

            await().until(() -> it.server().state() == ServerState.DRAINING);
            DrainStatus status = it.server().draining().orElseThrow();
            assertThat(status.endsIn()).isBetween(LONG.minusSeconds(20), LONG);
            assertThat(status.sessionsLeft()).isEqualTo(2);
            try (ScriptedClient newcomer = ScriptedClient.connect(it.address())) {
                assertThatThrownBy(newcomer::openSession).isNotNull();
            }
            await().until(() -> it.server().count(Metric.REFUSED_DRAINING) == 1);
            try (ScriptedClient back = ScriptedClient.connect(it.address())) {
                back.resume(who);
                assertThat(back.receive()).isEqualTo(Bytes.utf8("missed"));
                back.readUntilClosed();
                it.firehose().expectReconnection(who.id());
                it.firehose().expectFailure(who.id(), Reason.SERVER_STOPPING);
            }
            for (int i = 0; i < PACKETS; i++) {
                assertThat(Bytes.number(slow.receive())).isEqualTo(i);
            }
            slow.readUntilClosed();
            slow.shutdownOutput();
            it.firehose().expectFailure(slow.id(), Reason.SERVER_STOPPING);
            ends(it);
        }
    }

    @Test
    void atTheEndOfTheTimeTheRestIsStopped() throws Exception {
        try (Running it = start();
                ScriptedClient slow = slow(it)) {
            long startNanos = System.nanoTime();
            it.server().drain(Duration.ofMillis(300));
            it.firehose().expectFailure(slow.id(), Reason.SERVER_STOPPING);
            ends(it);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .isBetween(Duration.ofMillis(300), Duration.ofMillis(3_300));
        }
    }

    @Test
    void aSecondDrainChangesNothingAndAStopEndsTheFirst() throws Exception {
        try (Running it = start();
                ScriptedClient slow = slow(it)) {
            it.server().drain(LONG);
            it.server().drain(Duration.ZERO);
            await().until(() -> it.server().state() == ServerState.DRAINING);
            assertThat(it.server().draining().orElseThrow().endsIn()).isGreaterThan(LONG.minusSeconds(20));
            it.server().stop();
            it.firehose().expectFailure(slow.id(), Reason.SERVER_STOPPING);
            ends(it);
        }
    }

    /** Whoever stops the backend together with the server must not take from clients what waits for them. */
    @Test
    void withoutItsMasterTheServerStopsInOrder() throws Exception {
        try (Running it = start(0);
                ScriptedClient slow = slow(it)) {
            it.server().drain(LONG);
            await().until(() -> it.server().state() == ServerState.DRAINING);
            it.firehose().close();
            it.master().close();
            await().until(() -> it.server().state() != ServerState.DRAINING);
            for (int i = 0; i < PACKETS; i++) {
                assertThat(Bytes.number(slow.receive())).isEqualTo(i);
            }
            slow.readUntilClosed();
            slow.shutdownOutput();
            ends(it);
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws Exception {
        try (Running it = start()) {
            for (Duration wrong :
                    List.of(Duration.ofNanos(-1), Duration.ofDays(1).plusNanos(1))) {
                assertThatThrownBy(() -> it.server().drain(wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("expected: 0 to one day");
            }
            assertThat(it.server().state()).isEqualTo(ServerState.LISTENING);
        }
    }
}
