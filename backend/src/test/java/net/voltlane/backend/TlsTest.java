package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.Master;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that listens with TLS, dialled by the real connection server, by strangers and by impostors. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class TlsTest {
    private static final TestAuthority BACKENDS = TestAuthority.create("backends");
    private static final TestAuthority SERVERS = TestAuthority.create("servers");
    private static final TestAuthority OTHERS = TestAuthority.create("others");

    @TempDir
    static Path folder;

    private static Path backendsCa;
    private static Path serversCa;
    private static TestCertificate.Pair ours;
    private static TestCertificate.Pair servers;
    private static TestCertificate.Pair impostors;

    private final Recorder recorder = new Recorder() {
        @Override
        public void data(Session session, byte[] data) {
            super.data(session, data);
            session.send(data);
        }
    };

    private VoltlaneBackend backend;
    private VoltlaneServer server;

    @BeforeAll
    static void certificates() {
        backendsCa = BACKENDS.write(folder, "backends");
        serversCa = SERVERS.write(folder, "servers");
        ours = BACKENDS.server("backend.example", "127.0.0.1").write(folder, "backend");
        servers = SERVERS.server("voltlane.example").write(folder, "server");
        impostors = OTHERS.server("voltlane.example").write(folder, "impostor");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop();
            server.ended()
                    .exceptionally(failed -> null)
                    .toCompletableFuture()
                    .orTimeout(15, TimeUnit.SECONDS)
                    .join();
        }
        if (backend != null) {
            backend.close();
        }
    }

    private static BackendOptions options(boolean requireCertificates) throws IOException {
        BackendTls tls = BackendTls.ofPem(ours.chain(), ours.key());
        return BackendOptions.DEFAULT.withTls(requireCertificates ? tls.requireClientCertificates(serversCa) : tls);
    }

    private void listen(boolean requireCertificates) throws IOException {
        backend = VoltlaneBackend.listen(Ports.loopback(0), recorder, options(requireCertificates));
    }

    private InetSocketAddress serve(int port, UnaryOperator<Master> more) throws Exception {
        start(port, more);
        return server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void start(int port, UnaryOperator<Master> more) {
        ServerConfig config = ServerConfig.defaults();
        Master master = config.master()
                .withAddress(new Address("127.0.0.1", port))
                .withTls(true)
                .withCa(backendsCa.toString());
        server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile(""))
                .withMaster(more.apply(master)));
    }

    private InetSocketAddress serve(UnaryOperator<Master> more) throws Exception {
        return serve(backend.address().getPort(), more);
    }

    private static byte[] bytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void echoes(InetSocketAddress address) {
        echoes(address, 0, 1, 64, 16_375, 16_384, 70_000, 3, 200_000, 17);
    }

    private void echoes(InetSocketAddress address, int... sizes) {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            for (int i = 0; i < sizes.length; i++) {
                client.send(bytes(i, sizes[i]));
            }
            for (int i = 0; i < sizes.length; i++) {
                assertThat(client.receive()).isEqualTo(bytes(i, sizes[i]));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void packetsOfAllSizesGoBothWays(int protocol) throws Exception {
        listen(true);
        echoes(serve(master -> master.withProtocol(protocol)
                .withCertificate(servers.chain().toString(), servers.key().toString())));
        assertThat(backend.firehoses()).hasSize(1);
        assertThat(backend.firehoses().get(0).peerCertificates().get(0).getSubjectX500Principal())
                .isEqualTo(SERVERS.server("voltlane.example").chain().get(0).getSubjectX500Principal());
        assertThat(backend.firehoses().get(0).protocol()).isEqualTo(protocol);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void whereverTheNetworkSplitsRecords(int protocol) throws Exception {
        listen(false);
        try (FaultRelay relay = FaultRelay.to(backend.address())) {
            relay.split(Direction.OUT, 1, 2, 3, 5, 1_000, 7, 40_000);
            relay.split(Direction.BACK, 3, 1, 4, 5_000, 1, 30_000);
            echoes(
                    serve(relay.address().getPort(), master -> master.withProtocol(protocol)),
                    0,
                    1,
                    16_375,
                    3,
                    70_000,
                    17);
            stop();
        }
    }

    @Test
    void aServerWithoutCertificateIsRefusedAndToldWhatToDo() throws Exception {
        listen(true);
        assertThatThrownBy(() -> serve(master -> master.withProtocol(3).withReconnectTimeoutSecs(0)))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the backend wants a certificate of this server: set master.certificate and");
        await().until(() -> backend.stats().failedHandshakes() == 1); // counted after the alert has gone out
        recorder.expectNothingMore();
    }

    @Test
    void anImpostorWithACertificateOfAnotherAuthorityIsRefused() throws Exception {
        listen(true);
        assertThatThrownBy(() -> serve(master -> master.withProtocol(3)
                        .withReconnectTimeoutSecs(0)
                        .withCertificate(
                                impostors.chain().toString(), impostors.key().toString())))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the backend refuses the certificate in master.certificate");
        await().until(() -> backend.stats().failedHandshakes() == 1); // counted after the alert has gone out
        recorder.expectNothingMore();
    }

    @Test
    void whoSpeaksNoTlsNeverReachesTheHandler() throws Exception {
        listen(true);
        try (RawConnection plain = new RawConnection(backend.address(), "127.0.0.1")) {
            plain.write(Tag.frame(1, Flag.DATA, utf8("I am the server")));
            while (plain.read() >= 0) {
                // the alert
            }
        }
        await().until(() -> backend.stats().failedHandshakes() == 1);
        recorder.expectNothingMore();
        assertThat(backend.firehoses()).isEmpty();
    }

    @Test
    void whoSaysNothingIsCutAfterTenSeconds() throws Exception {
        ManualClock clock = new ManualClock();
        backend = VoltlaneBackend.listen(
                Ports.loopback(0),
                recorder,
                options(false),
                new Environment(
                        clock, false, Outbox.CHUNK_BYTES, Duration.ofMillis(1), Duration.ofSeconds(1), () -> null));
        try (Socket silent =
                new Socket(backend.address().getAddress(), backend.address().getPort())) {
            await().until(() -> backend.stats().firehoses() == 1);
            clock.advance(Duration.ofNanos(LinkWatch.HANDSHAKE_NANOS - 1));
            backend.tick();
            assertThat(backend.stats().firehoses()).isEqualTo(1);
            clock.advance(Duration.ofNanos(1));
            backend.tick();
            silent.setSoTimeout(10_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        await().until(() -> backend.stats().failedHandshakes() == 1);
    }

    /** A backend that server and backend can't agree with on certificates. */
    enum Bad {
        EXPIRED("the backend's certificate is not valid now"),
        OTHER_NAME("the backend's certificate is for another name than 127.0.0.1, see master.server_name"),
        UNKNOWN_AUTHORITY("the backend's certificate is not of the authority in master.ca"),
        REFUSES_OURS("the backend refuses the certificate in master.certificate");

        private final String words;

        Bad(String words) {
            this.words = words;
        }

        BackendTls tls() throws IOException {
            TestCertificate shown = switch (this) {
                case EXPIRED ->
                    BACKENDS.issue("CN=old", "EC", TestAuthority.hours(-2), TestAuthority.hours(-1), "IP:127.0.0.1");
                case OTHER_NAME -> BACKENDS.server("other.example", "127.0.0.2");
                case UNKNOWN_AUTHORITY -> OTHERS.server("127.0.0.1");
                case REFUSES_OURS -> BACKENDS.server("127.0.0.1");
            };
            TestCertificate.Pair files = shown.write(folder, "bad");
            BackendTls tls = BackendTls.ofPem(files.chain(), files.key());
            return this == REFUSES_OURS ? tls.requireClientCertificates(OTHERS.write(folder, "others")) : tls;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBackendWithBadCertificatesIsToldOfCountedAndDialledUntilTheyAreGood(Bad bad) throws Exception {
        int port = Ports.free();
        UnaryOperator<Master> ours = master -> master.withProtocol(3)
                .withCertificate(servers.chain().toString(), servers.key().toString());
        backend = VoltlaneBackend.listen(Ports.loopback(port), recorder, BackendOptions.DEFAULT.withTls(bad.tls()));
        assertThatThrownBy(() -> serve(port, master -> ours.apply(master).withReconnectTimeoutSecs(0)))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining(bad.words)
                .hasMessageNotContaining("firehose 3");

        start(port, ours);
        await().until(() -> server.count(Metric.MASTER_TLS_FAILED) > 0);
        assertThat(server.listening().toCompletableFuture()).isNotDone();
        backend.close();
        recorder.expectNothingMore();
        backend = VoltlaneBackend.listen(Ports.loopback(port), recorder, options(true));
        echoes(server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS), 5);
    }

    @Test
    void aServerThatExpectsAnotherNameTellsSo() throws Exception {
        listen(false);
        assertThatThrownBy(
                        () -> serve(master -> master.withReconnectTimeoutSecs(0).withServerName("other.example")))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the backend's certificate is for another name than other.example,"
                        + " see master.server_name");
    }

    @Test
    void aServerThatTrustsAnotherAuthorityTellsSo() throws Exception {
        listen(false);
        assertThatThrownBy(
                        () -> serve(master -> master.withReconnectTimeoutSecs(0).withCa(serversCa.toString())))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the backend's certificate is not of the authority in master.ca");
    }

    @Test
    void aServerNameStandsForTheHostInTheAddress() throws Exception {
        listen(false);
        echoes(serve(master -> master.withServerName("backend.example")));
    }

    @Test
    void aServerThatMeetsPlainTcpTellsSo() throws Exception {
        backend = VoltlaneBackend.listen(Ports.loopback(0), recorder, BackendOptions.DEFAULT);
        assertThatThrownBy(() -> serve(master -> master.withReconnectTimeoutSecs(0)))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("does the backend listen with TLS?");
    }

    @Test
    void tlsAlsoGoesOverAUnixSocket() throws Exception {
        Path socket = folder.resolve("backend.sock");
        backend = VoltlaneBackend.listen("unix:" + socket, recorder, options(false));
        echoes(serve(
                1,
                master -> master.withAddress(Address.parse("unix:" + socket))
                        .withProtocol(3)
                        .withServerName("backend.example")));
        stop();
        assertThat(socket).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void withoutTlsOverAUnixSocket(int protocol) throws Exception {
        Path socket = folder.resolve("plain" + protocol + ".sock");
        backend = VoltlaneBackend.listen("unix:" + socket, recorder, BackendOptions.DEFAULT);
        assertThat(backend.address().getHostString()).isEqualTo(socket.toString());
        echoes(serve(
                1,
                master -> master.withTls(false)
                        .withCa("")
                        .withAddress(Address.parse("unix:" + socket))
                        .withProtocol(protocol)));
        assertThat(backend.firehoses().get(0)).hasToString("firehose 1 from a Unix socket");
    }

    @Test
    void filesThatCantBeUsedAreNamed() {
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> BackendTls.ofPem(missing, ours.key()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> BackendTls.ofPem(ours.chain(), servers.key()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(servers.key().toString());
    }
}
