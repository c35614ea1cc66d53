package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.link.IoUringAccept;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The server listens on exactly the configured address, and finds out that a port is taken before it dials the backend.
 */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ListeningTest {

    private static ServerConfig config(String host, int port, TransportKind transport, int master) {
        ServerConfig config = ServerConfig.defaults();
        return config.withListener(config.listener()
                        .withAddress(new Address(host, port))
                        .withKeyFile("")
                        .withTransport(transport))
                .withMaster(config.master().withAddress(new Address("127.0.0.1", master)));
    }

    private static void assumeWorks(TransportKind transport) {
        assumeTrue(transport != TransportKind.IO_URING || IoUringAccept.isAvailable(), "io_uring does not work here");
    }

    private static void assumeVersion6() {
        try (ServerSocket six = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            assertThat(six.isBound()).isTrue();
        } catch (IOException e) {
            assumeTrue(false, "this machine has no IPv6: " + e.getMessage());
        }
    }

    private static boolean accepts(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 2_000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Tells apart a connection that is served from one that the server closes at once, as it does with io_uring. */
    private static boolean isServed(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 2_000);
            socket.setSoTimeout(5_000);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException open) {
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private interface WhileItListens {
        void run(int port) throws Exception;
    }

    private static void listening(String host, TransportKind transport, WhileItListens then) throws Exception {
        try (ScriptedMaster master = ScriptedMaster.listen()) {
            VoltlaneServer server = VoltlaneServer.start(
                    config(host, 0, transport, master.address().getPort()));
            try {
                then.run(server.listening()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .getPort());
            } finally {
                server.stop();
                server.ended().toCompletableFuture().get(15, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void allOfVersion4IsNoMoreThanThat(TransportKind transport) throws Exception {
        assumeWorks(transport);
        assumeVersion6();
        listening("0.0.0.0", transport, port -> {
            assertThat(accepts("127.0.0.1", port)).isTrue();
            assertThat(isServed("::1", port)).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void allOfVersion6IsBoth(TransportKind transport) throws Exception {
        assumeWorks(transport);
        assumeVersion6();
        listening("::", transport, port -> {
            assertThat(accepts("127.0.0.1", port)).isTrue();
            assertThat(accepts("::1", port)).isTrue();
        });
    }

    @Test
    void aPortInUseIsFoundThoughTheBackendIsAway() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            assertThatThrownBy(() -> VoltlaneServer.start(config("127.0.0.1", port, TransportKind.AUTO, Ports.free())))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith(
                            "listener.address: 127.0.0.1:" + port + " (can't listen there: address already in use: ")
                    .hasMessageContaining("ss -ltnp")
                    .hasMessageContaining("net.ipv4.ip_local_reserved_ports=" + port);
        }
    }

    @Test
    void aPortThatAnOutgoingConnectionHasIsFoundAsWell() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket outgoing = new Socket(other.getInetAddress(), other.getLocalPort())) {
            assertThatThrownBy(() -> VoltlaneServer.start(
                            config("127.0.0.1", outgoing.getLocalPort(), TransportKind.AUTO, Ports.free())))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("an outgoing connection was given the port");
        }
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void thePortIsHeldButNobodyIsAcceptedBeforeTheMasterIsReached(TransportKind transport) throws Exception {
        assumeWorks(transport);
        int master = Ports.free();
        int port = Ports.free();
        VoltlaneServer server = VoltlaneServer.start(config("127.0.0.1", port, transport, master));
        try {
            assertThat(accepts("127.0.0.1", port)).isFalse();
            assertThatThrownBy(() -> {
                        try (ServerSocket other = new ServerSocket()) {
                            other.setReuseAddress(false);
                            other.bind(new InetSocketAddress("127.0.0.1", port));
                        }
                    })
                    .isInstanceOf(IOException.class);
            try (ServerSocket backend = new ServerSocket(master, 1, InetAddress.getLoopbackAddress());
                    Socket firehose = backend.accept()) {
                server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
                assertThat(firehose.isConnected()).isTrue();
                assertThat(accepts("127.0.0.1", port)).isTrue();
            }
        } finally {
            server.stop();
            server.ended().toCompletableFuture().get(15, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatCantBeListenedOnIsToldInWords() {
        assertThatThrownBy(() ->
                        VoltlaneServer.start(config("no-such-host.invalid", 42000, TransportKind.AUTO, Ports.free())))
                .isInstanceOf(StartException.class)
                .hasMessage("listener.address: no-such-host.invalid:42000 (can't listen there: unknown host)")
                .satisfies(e -> assertThat(((StartException) e).isConfiguration())
                        .as("status 78")
                        .isTrue());
        assertThatThrownBy(() -> VoltlaneServer.start(config("192.0.2.1", 42000, TransportKind.AUTO, Ports.free())))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("this machine has no such address");
    }
}
