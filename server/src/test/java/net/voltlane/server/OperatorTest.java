package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Reason;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changes that an operator makes in a running server: kicks and bans. */
@ExtendWith(LeakCheck.class)
final class OperatorTest {
    private static final Setup SETUP = new Setup(TransportKind.NIO, 2);
    private static final Cidr LOOPBACK = Objects.requireNonNull(Cidr.parse("127.0.0.1"));

    @Test
    void aKickedClientGetsWhatWasSentAndTheMasterIsTold() throws Exception {
        try (Running it = Running.start(SETUP, c -> c);
                ScriptedClient client = ScriptedClient.open(it.address())) {
            client.send(new byte[3]);
            assertThat(it.firehose().dataOf(client.id())).hasSize(3);
            it.firehose().send(client.id(), new byte[5]);
            assertThat(client.receive()).hasSize(5);
            assertThat(get(it.server().kick(client.id()))).isTrue();
            assertThat(client.readUntilClosed().rest()).isEmpty();
            it.firehose().expectFailure(client.id(), Reason.CLIENT_KICKED);
            assertThat(get(it.server().kick(client.id()))).as("it has ended").isFalse();
            assertThat(it.server().count(Metric.ENDED_KICKED)).isOne();
            try (ScriptedClient back = ScriptedClient.connect(it.address())) {
                assertThat(back.tryResume(client.identity())).isFalse();
            }
        }
    }

    @Test
    void aStaleSessionIsKickedAndTheMasterIsTold() throws Exception {
        try (Running it = Running.start(SETUP, c -> c)) {
            ClientIdentity who;
            try (ScriptedClient client = ScriptedClient.open(it.address())) {
                who = client.identity();
                client.send(new byte[3]);
                assertThat(it.firehose().dataOf(who.id())).hasSize(3);
                client.cut();
            }
            Awaitility.await().until(() -> it.server().read(Gauge.SESSIONS_STALE) == 1);
            assertThat(get(it.server().kick(who.id()))).isTrue();
            it.firehose().expectFailure(who.id(), Reason.CLIENT_KICKED);
        }
    }

    @Test
    void aBannedAddressKeepsItsSessionsAndGetsNoNewOne() throws Exception {
        try (Running it = Running.start(SETUP, c -> c);
                ScriptedClient client = ScriptedClient.open(it.address())) {
            assertThat(it.server().bans().add(LOOPBACK, Duration.ofSeconds(60))).isPresent();
            knock(it.address());
            Awaitility.await().until(() -> it.server().count(Metric.REFUSED_BANNED) == 1);
            client.send(new byte[3]);
            assertThat(it.firehose().dataOf(client.id())).hasSize(3);
            assertThat(it.server().bans().lift(LOOPBACK)).isTrue();
            ScriptedClient.open(it.address()).close();
        }
    }

    /** Connects. The server resets a connection that it refuses, at times before connect returns. */
    private static void knock(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
