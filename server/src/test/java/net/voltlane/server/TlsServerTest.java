package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.CertificateFiles;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ProxyProtocol;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TlsVersion;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.tls.LongHello;
import net.voltlane.server.tls.TlsPeer;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with TLS on real sockets, with clients that use the JDK's TLS. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class TlsServerTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("voltlane tests");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final ScriptedMaster master = ScriptedMaster.listen();
    private final SSLContext trusting = TlsClient.context(AUTHORITY, null);
    private VoltlaneServer server;
    private Firehose firehose;
    private InetSocketAddress tls;
    private ServerConfig config;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop();
            server.ended().toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
        }
        master.close();
    }

    private void start(UnaryOperator<ServerConfig> more) throws Exception {
        TestCertificate.Pair files = AUTHORITY.server("localhost", "127.0.0.1").write(folder, "server");
        ServerConfig defaults = ServerConfig.defaults();
        config = more.apply(defaults.withListener(defaults.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile("")
                        .withThreads(2))
                .withTls(defaults.tls()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withCertificate(files.chain().toString())
                        .withKey(files.key().toString()))
                .withMaster(defaults.master()
                        .withAddress(new Address("127.0.0.1", master.address().getPort()))));
        server = VoltlaneServer.start(config);
        server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
        firehose = master.accept();
        tls = (InetSocketAddress) server.addresses().get("tls");
    }

    private TlsClient connect() throws IOException {
        return TlsClient.connect(tls, trusting, "localhost");
    }

    private void awaitCount(Metric metric, long count) {
        await(metric.series()).atMost(LIMIT).until(() -> server.count(metric) == count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void packetsOfAllSizesGoBothWays(String version) throws Exception {
        start(c -> c);
        master.echo(true);
        int[] sizes = {0, 1, 4_095, 16_384, 5, 70_000, 0, 300_000, 3, 2_000_000, 17};
        try (TlsClient client = connect().only(version).open()) {
            assertThat(client.socket.getSession().getProtocol()).isEqualTo(version);
            assertThat(client.socket.getApplicationProtocol()).isEqualTo("voltlane");
            Thread writer = new Thread(() -> {
                for (int size : sizes) {
                    try {
                        client.send(filled(size));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            writer.start();
            for (int size : sizes) {
                assertThat(Arrays.mismatch(client.receive(), filled(size))).isNegative();
            }
            writer.join();
        }
        assertThat(server.count(Metric.TLS_HANDSHAKES_FULL)).isOne();
    }

    private static byte[] filled(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void bothListenersServeTheSameSessions() throws Exception {
        start(c -> c);
        try (TlsClient over = connect().open();
                ScriptedClient plain = ScriptedClient.open(
                        server.listening().toCompletableFuture().join())) {
            over.send(Bytes.utf8("tls"));
            plain.send(Bytes.utf8("tcp"));
            assertThat(firehose.dataOf(over.id)).isEqualTo(Bytes.utf8("tls"));
            assertThat(firehose.dataOf(plain.id())).isEqualTo(Bytes.utf8("tcp"));
            assertThat(server.session(over.id)
                            .toCompletableFuture()
                            .join()
                            .orElseThrow()
                            .toString())
                    .contains("tls");
        }
    }

    @Test
    void aServerWithTlsAlone() throws Exception {
        start(c -> c.withListener(c.listener().withoutAddress()));
        assertThat(server.addresses()).containsOnlyKeys("tls");
        assertThat(server.listeners()).containsExactly("tls 127.0.0.1:" + tls.getPort());
        try (TlsClient client = connect().open()) {
            assertThat(client.id).isNotZero();
        }
    }

    @Test
    void closeNotifyFollowsTheLastData() throws Exception {
        start(c -> c);
        try (TlsClient client = connect().open()) {
            client.send(Bytes.utf8("hello"));
            firehose.dataOf(client.id);
            byte[] last = filled(500_000);
            firehose.send(client.id, last);
            firehose.send(client.id, Bytes.utf8("bye"));
            firehose.kick(client.id);
            assertThat(client.receive()).isEqualTo(last);
            assertThat(client.receive()).isEqualTo(Bytes.utf8("bye"));
            assertThat(client.read())
                    .as("the JDK fails at an end without close_notify")
                    .isEqualTo(-1);
        }
    }

    @Test
    void theServersNameChoosesTheCertificate() throws Exception {
        TestCertificate.Pair wild = AUTHORITY.server("*.b.example").write(folder, "wild");
        TestCertificate.Pair rsa = AUTHORITY
                .issue("CN=c", "RSA", TestAuthority.hours(-1), TestAuthority.hours(24), "DNS:c.example")
                .write(folder, "rsa");
        start(c -> c.withTls(c.tls().withCertificates(List.of(files(wild), files(rsa)))));
        for (String name : List.of("localhost", "x.b.example", "c.example")) {
            try (TlsClient client = TlsClient.connect(tls, trusting, name).handshake()) {
                assertThat(client.serverCertificate()
                                .getSubjectAlternativeNames()
                                .toString())
                        .contains(name.replaceFirst("^x\\.", "*."));
            }
        }
        assertThatThrownBy(() -> TlsClient.connect(tls, trusting, "b.example").handshake())
                .as("a wildcard stands for a label, and the default certificate is for another name")
                .isInstanceOf(SSLException.class);
        awaitCount(Metric.REJECTED_TLS_ALERT, 1);
    }

    private static CertificateFiles files(TestCertificate.Pair pair) {
        return new CertificateFiles(pair.chain().toString(), pair.key().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTicketSavesAFullHandshake(String version) throws Exception {
        start(c -> c);
        for (int i = 0; i < 3; i++) {
            try (TlsClient client = connect().only(version).open()) {
                assertThat(client.id).isNotZero();
            }
        }
        assertThat(server.count(Metric.TLS_HANDSHAKES_FULL)).isOne();
        assertThat(server.count(Metric.TLS_HANDSHAKES_RESUMED)).isEqualTo(2);
    }

    @Test
    void onlyClientsWithACertificateOfTheAuthorityGetIn() throws Exception {
        TestAuthority clients = TestAuthority.create("clients");
        Path ca = clients.write(folder, "clients");
        start(c -> c.withTls(c.tls().withClientCa(ca.toString())));
        TestCertificate known = clients.issue(
                "CN=device 7,O=Example",
                "EC",
                TestAuthority.hours(-1),
                TestAuthority.hours(24),
                "DNS:d7.example",
                "URI:spiffe://example/d7");
        try (TlsClient client = TlsClient.connect(tls, TlsClient.context(AUTHORITY, known), "localhost")
                .open()) {
            assertThat(client.id).isNotZero();
        }
        TestCertificate stranger = TestAuthority.create("strangers").server("d7.example");
        assertRefused(TlsClient.context(AUTHORITY, stranger));
        awaitCount(Metric.REJECTED_TLS_CERTIFICATE, 1);
        assertRefused(trusting);
        awaitCount(Metric.REJECTED_TLS_CERTIFICATE, 2);
        TestCertificate expired =
                clients.issue("CN=old", "EC", TestAuthority.hours(-48), TestAuthority.hours(-24), "DNS:old.example");
        assertRefused(TlsClient.context(AUTHORITY, expired));
        awaitCount(Metric.REJECTED_TLS_CERTIFICATE, 3);
    }

    private void assertRefused(SSLContext context) throws IOException {
        try (TlsClient client = TlsClient.connect(tls, context, "localhost")) {
            assertThatThrownBy(client::open).isInstanceOf(IOException.class);
        }
    }

    /** Input that the server does not read would reset the connection, and with it the alert. */
    @Test
    void aRefusedClientThatGoesOnSendingReadsWhy() throws Exception {
        Path ca = TestAuthority.create("clients").write(folder, "clients");
        start(c -> c.withTls(c.tls().withClientCa(ca.toString())));
        for (int i = 0; i < 3; i++) {
            try (TlsClient client = connect().only("TLSv1.3").handshake()) {
                client.send(new byte[5_000]);
                assertThatThrownBy(client::read)
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("certificate");
            }
        }
    }

    @Test
    void anOldVersionIsRefused() throws Exception {
        start(c -> c.withTls(c.tls().withMinVersion(TlsVersion.TLS_1_3)));
        assertThatThrownBy(() -> connect().only("TLSv1.2").handshake()).isInstanceOf(SSLException.class);
        awaitCount(Metric.REJECTED_TLS, 1);
        connect().only("TLSv1.3").handshake().close();
    }

    @Test
    void whatIsNoTlsIsRefusedAtItsFirstByte() throws Exception {
        start(c -> c);
        for (String text : List.of("GET / HTTP/1.1\r\n\r\n", "\u0002\u0000\u0000\u0000\u0000\u0002", "\u0016\u0009")) {
            long before = server.count(Metric.REJECTED_NOT_TLS);
            try (Socket plain = new Socket(tls.getAddress(), tls.getPort())) {
                plain.setSoTimeout(10_000);
                plain.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(plain.getInputStream().read()).isEqualTo(-1);
            }
            awaitCount(Metric.REJECTED_NOT_TLS, before + 1);
        }
    }

    @Test
    void aClientThatNeverFinishesItsHandshakeIsClosedInTime() throws Exception {
        start(c -> c.withListener(c.listener().withHandshakeTimeoutSecs(1)));
        try (Socket plain = new Socket(tls.getAddress(), tls.getPort())) {
            plain.setSoTimeout(10_000);
            plain.getOutputStream().write(new byte[] {0x16, 3, 1, 1, 0});
            assertThat(plain.getInputStream().read()).isEqualTo(-1);
        }
        awaitCount(Metric.REJECTED_TIMEOUT, 1);
    }

    /** A ClientHello that the server takes in one record, and refuses where it drips on past the bound of a handshake. */
    @Test
    void anEndlessHelloIsRefused() throws Exception {
        start(c -> c);
        byte[] hello = LongHello.message(new TlsPeer(AUTHORITY, "TLSv1.3").says(), 15_000);
        assertThat(answerTo(LongHello.records(hello, hello.length)))
                .as("a record of a handshake")
                .isEqualTo(22);
        assertThat(server.count(Metric.REJECTED_TLS)).isZero();
        assertThat(answerTo(LongHello.records(hello, 1))).isNotEqualTo(22);
        awaitCount(Metric.REJECTED_TLS, 1);
    }

    /** The first byte of the answer, or -1 if there is none. */
    private int answerTo(byte[] bytes) throws IOException {
        try (Socket plain = new Socket(tls.getAddress(), tls.getPort())) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream().write(bytes);
            return plain.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Test
    void aProxysHeaderComesInClearBeforeTls() throws Exception {
        start(c -> c.withListener(c.listener().withProxyProtocol(ProxyProtocol.ON))
                .withLimits(c.limits().withTrustedProxies(CidrSet.of(List.of("127.0.0.0/8")))));
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), tls.getPort());
        plain.getOutputStream().write(Bytes.utf8("PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\r\n"));
        try (TlsClient client = TlsClient.over(plain, trusting, "localhost").open()) {
            assertThat(server.session(client.id)
                            .toCompletableFuture()
                            .join()
                            .orElseThrow()
                            .toString())
                    .contains("203.0.113.9");
        }
    }

    // ---- certificates change

    @Test
    void aReloadTakesNewCertificatesAndDropsNoLink() throws Exception {
        start(c -> c);
        try (TlsClient before = connect().open()) {
            TestAuthority next = TestAuthority.create("next");
            next.server("localhost").write(folder, "server");
            ConfigChange change = reload();
            assertThat(change.newCertificates()).singleElement().asString().startsWith("localhost ");
            assertThat(change.keptCertificates()).isEmpty();
            assertThat(reload().isNone()).isTrue();
            try (TlsClient after = TlsClient.connect(tls, TlsClient.context(next, null), "localhost")
                    .open()) {
                assertThat(after.id).isNotZero();
            }
            before.send(Bytes.utf8("still here"));
            assertThat(firehose.dataOf(before.id)).isEqualTo(Bytes.utf8("still here"));
            assertThat(server.read(Gauge.TLS_CERTIFICATE_EXPIRY))
                    .isBetween(TimeUnit.HOURS.toNanos(23), TimeUnit.HOURS.toNanos(24));
        }
    }

    /** Nobody tells the server of the new files: it looks by itself every few seconds. */
    @Test
    void newFilesAreTakenWithoutAReload() throws Exception {
        start(c -> c);
        TestAuthority next = TestAuthority.create("next");
        SSLContext trustingNext = TlsClient.context(next, null);
        try (TlsClient before = connect().open()) {
            assertThatThrownBy(() ->
                            TlsClient.connect(tls, trustingNext, "localhost").handshake())
                    .isInstanceOf(SSLException.class);
            next.server("localhost").write(folder, "server");
            await("a handshake with the new certificate")
                    .atMost(Duration.ofSeconds(40))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> {
                        TlsClient.connect(tls, trustingNext, "localhost")
                                .handshake()
                                .close();
                        return true;
                    });
            before.send(Bytes.utf8("still here"));
            assertThat(firehose.dataOf(before.id)).isEqualTo(Bytes.utf8("still here"));
        }
    }

    private ConfigChange reload() throws Exception {
        return server.reload(config).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void brokenFilesKeepTheCertificateInUse() throws Exception {
        start(c -> c);
        Path key = folder.resolve("server.key");
        Files.copy(key, folder.resolve("saved"));
        AUTHORITY.server("localhost").write(folder, "other");
        Files.copy(folder.resolve("other.key"), key, StandardCopyOption.REPLACE_EXISTING);
        reload();
        assertThat(server.count(Metric.TLS_RELOADS_FAILED)).isOne();
        connect().open().close();
        reload();
        assertThat(server.count(Metric.TLS_RELOADS_FAILED))
                .as("told each time that it is asked")
                .isEqualTo(2);
        Files.copy(folder.resolve("saved"), key, StandardCopyOption.REPLACE_EXISTING);
        reload();
        connect().open().close();
    }

    @Test
    void aKeyThatFewClientsKnowIsRefusedAtTheStart() {
        TestCertificate.Pair ed = AUTHORITY
                .issue("CN=ed", "Ed25519", TestAuthority.hours(-1), TestAuthority.hours(24), "DNS:localhost")
                .write(folder, "ed");
        assertThatThrownBy(() -> start(c -> c.withTls(c.tls()
                        .withCertificate(ed.chain().toString())
                        .withKey(ed.key().toString()))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("Ed25519")
                .hasMessageContaining("(expected: RSA or an elliptic curve");
    }

    @Test
    void filesThatCantBeUsedKeepTheServerFromStarting() throws Exception {
        assertThatThrownBy(() -> start(
                        c -> c.withTls(c.tls().withKey(folder.resolve("none").toString()))))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("tls.key: ")
                .hasMessageContaining("no such file (expected: ");
    }
}
