package net.voltlane.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.voltlane.protocol.Reason;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.link.IoUringAccept;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.UnixBridge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server whose clients and whose master are on Unix sockets, with each kind of sockets. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class UnixSocketTest {
    @TempDir
    Path folder;

    private final ScriptedMaster master = ScriptedMaster.listen();
    private Path clients;
    private Path backend;
    private UnixBridge firehoses;
    private VoltlaneServer server;

    @BeforeEach
    void bridge() throws Exception {
        clients = folder.resolve("clients.sock");
        backend = folder.resolve("backend.sock");
        firehoses = UnixBridge.toTcp(backend, master.address());
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.stop();
            server.ended()
                    .exceptionally(failed -> null)
                    .toCompletableFuture()
                    .orTimeout(15, TimeUnit.SECONDS)
                    .join();
        }
        firehoses.close();
        master.close();
    }

    static List<TransportKind> kinds() {
        return Stream.of(TransportKind.values())
                .filter(kind -> kind != TransportKind.IO_URING || IoUringAccept.isAvailable())
                .toList();
    }

    private ServerConfig config(TransportKind kind) {
        ServerConfig config = ServerConfig.defaults();
        return config.withListener(config.listener()
                        .withAddress(new Address(clients.toString(), 0))
                        .withSocketMode(0600)
                        .withKeyFile("")
                        .withThreads(2)
                        .withTransport(kind))
                .withMaster(config.master().withAddress(Address.parse("unix:" + backend)))
                .withClients(config.clients().withMissedPacketsBufferSize(10));
    }

    private InetSocketAddress start(ServerConfig config) throws Exception {
        server = VoltlaneServer.start(config);
        return server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void clientsAndMasterSpeakAsOverTcp(TransportKind kind) throws Exception {
        InetSocketAddress address = start(config(kind));
        assertThat(address.isUnresolved()).isTrue();
        assertThat(address.getHostString()).isEqualTo(clients.toString());
        Firehose firehose = master.accept();
        try (UnixBridge bridge = UnixBridge.toUnix(clients)) {
            InetSocketAddress at = (InetSocketAddress) bridge.address();
            byte[] large = new byte[3_000_000];
            large[large.length - 1] = 7;
            ClientIdentity who;
            try (ScriptedClient client = ScriptedClient.open(at)) {
                who = client.identity();
                client.send("up".getBytes(UTF_8));
                client.send(large);
                assertThat(firehose.dataOf(who.id())).isEqualTo("up".getBytes(UTF_8));
                assertThat(firehose.dataOf(who.id())).isEqualTo(large);
                firehose.send(who.id(), large);
                firehose.send(who.id(), "down".getBytes(UTF_8));
                assertThat(client.receive()).isEqualTo(large);
                assertThat(client.receive()).isEqualTo("down".getBytes(UTF_8));
                assertThat(server.session(who.id())
                                .toCompletableFuture()
                                .get(10, TimeUnit.SECONDS)
                                .orElseThrow()
                                .address())
                        .isEqualTo("127.0.0.1");
            }
            try (ScriptedClient back = ScriptedClient.connect(at)) {
                back.resume(who);
                firehose.expectReconnection(who.id());
                server.stop();
                firehose.expectFailure(who.id(), Reason.SERVER_STOPPING);
            }
        }
    }

    @Test
    void theSocketHasTheModeThatIsConfiguredAndIsGoneAfterTheStop() throws Exception {
        start(config(TransportKind.AUTO));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(clients)))
                .isEqualTo("rw-------");
        server.stop();
        server.ended().toCompletableFuture().get(15, TimeUnit.SECONDS);
        assertThat(clients).doesNotExist();
    }

    @Test
    void aReloadLeavesTheSocketAsItIs() throws Exception {
        ServerConfig config = config(TransportKind.AUTO);
        start(config);
        Path other = folder.resolve("other.sock");
        ConfigChange change = server.reload(config.withListener(config.listener()
                                .withAddress(new Address(other.toString(), 0))
                                .withSocketMode(0666))
                        .withClients(config.clients().withMissedPacketsBufferSize(20)))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(change.atRestart()).containsExactly("listener.address", "listener.socket_mode");
        assertThat(change.atOnce()).containsExactly("clients.missed_packets_buffer_size");
        assertThat(other).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(clients)))
                .isEqualTo("rw-------");
        try (UnixBridge bridge = UnixBridge.toUnix(clients);
                ScriptedClient client = ScriptedClient.open((InetSocketAddress) bridge.address())) {
            assertThat(client.id()).isPositive();
        }
    }

    @Test
    void aSocketThatAKilledProcessLeftIsReplaced() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(clients))
                .close();
        assertThat(clients).exists();
        start(config(TransportKind.AUTO));
        try (UnixBridge bridge = UnixBridge.toUnix(clients);
                ScriptedClient client = ScriptedClient.open((InetSocketAddress) bridge.address())) {
            assertThat(client.id()).isPositive();
        }
    }

    @Test
    void aSocketOnWhichAnotherProgramListensStays() throws Exception {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(clients));
            assertThatThrownBy(() -> start(config(TransportKind.AUTO)))
                    .isInstanceOf(StartException.class)
                    .hasMessage("listener.address: unix:" + clients
                            + " (can't listen there: another program listens there)");
            assertThat(clients).exists();
        }
    }

    @Test
    void aFileThatIsNoSocketStays() throws Exception {
        Files.writeString(clients, "precious");
        assertThatThrownBy(() -> start(config(TransportKind.AUTO)))
                .isInstanceOf(StartException.class)
                .hasMessage("listener.address: unix:" + clients
                        + " (can't listen there: a file that is no socket is there already)");
        assertThat(clients).hasContent("precious");
    }

    @Test
    void withoutItsFolderTheServerDoesNotStart() {
        clients = folder.resolve("missing").resolve("clients.sock");
        assertThatThrownBy(() -> start(config(TransportKind.AUTO)))
                .isInstanceOf(StartException.class)
                .hasMessage("listener.address: unix:" + clients + " (can't listen there: " + folder.resolve("missing")
                        + " is no folder)");
    }

    /** The file that another server has put there meanwhile is not this one's to delete. */
    @Test
    void anothersSocketAtTheSamePathStaysAtTheStop() throws Exception {
        start(config(TransportKind.AUTO));
        Files.delete(clients);
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(clients));
            server.stop();
            server.ended().toCompletableFuture().get(15, TimeUnit.SECONDS);
            assertThat(clients).exists();
            assertThat(folder).isDirectoryNotContaining("glob:**.new");
        }
    }

    @Test
    void aMasterThatDoesNotListenIsNamedByItsPath() throws Exception {
        firehoses.close();
        Files.delete(backend);
        ServerConfig config = config(TransportKind.AUTO);
        server = VoltlaneServer.start(config.withMaster(config.master().withReconnectTimeoutSecs(0)));
        assertThatThrownBy(() -> server.ended().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining(
                        "master.address: unix:" + backend + " could not be reached (file not found); is the backend");
    }
}
