package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.UnixBridge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of a client that dials a Unix socket. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class UnixSocketTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private Path socket;

    @BeforeEach
    void name(@TempDir Path folder) {
        socket = folder.resolve("voltlane.sock");
    }

    private ClientBuilder client() {
        return VoltlaneClient.builder("unix:" + socket).backoff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    @ParameterizedTest
    @EnumSource(names = {"V2", "V3"})
    void packetsComeBackInOrderAndTheSessionIsResumed(Protocol protocol) throws Exception {
        Recorder events = new Recorder();
        try (OwnServer server = OwnServer.start();
                UnixBridge bridge = UnixBridge.toTcp(socket, server.relay().address());
                VoltlaneClient client =
                        client().protocol(protocol).listener(events).connect()) {
            assertThat(bridge.address()).isEqualTo(UnixDomainSocketAddress.of(socket));
            server.master().echo(true);
            long id = client.sessionId();
            for (int cut = 0; cut < 3; cut++) {
                for (int i = 0; i < 20; i++) {
                    client.send(Bytes.numbered(i, 4 + 5_000 * i));
                }
                for (int i = 0; i < 20; i++) {
                    assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(i, 4 + 5_000 * i));
                }
                server.relay().cut();
                events.until("resumed");
            }
            assertThat(client.sessionId()).isEqualTo(id);
        }
    }

    @Test
    void aSocketThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> client().connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessageStartingWith("no connection to unix:" + socket + ": ");
    }

    /** The handshake has a limit, also for a server that sends a byte from time to time. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatDoesNotAnswerIsGivenUp(boolean trickles) throws Exception {
        Thread server;
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            server = new Thread(() -> accept(listener, trickles));
            server.start();
            assertThatThrownBy(() -> client().protocol(Protocol.V3)
                            .handshakeTimeout(Duration.ofMillis(300))
                            .connect())
                    .isInstanceOf(HandshakeTimeoutException.class);
        }
        server.join();
    }

    private static void accept(ServerSocketChannel listener, boolean trickles) {
        try (SocketChannel link = listener.accept()) {
            if (trickles) {
                link.write(ByteBuffer.wrap(new byte[] {100, 0}));
            }
            ByteBuffer input = ByteBuffer.allocate(1_000);
            while (link.read(input) >= 0) {
                input.clear();
            }
        } catch (IOException e) {
            // The client or the test has left.
        }
    }

    @Test
    void aCloseEndsAReadThatWaits() throws Exception {
        try (OwnServer server = OwnServer.start();
                UnixBridge bridge = UnixBridge.toTcp(socket, server.relay().address())) {
            assertThat(bridge.address()).isNotNull();
            VoltlaneClient client = client().connect();
            client.close();
            assertThatThrownBy(() -> client.receive(LONG)).isInstanceOf(ClientException.class);
        }
    }
}
