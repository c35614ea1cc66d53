package net.voltlane.systemtest.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.BackendTls;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.ClientBuilder;
import net.voltlane.client.ClientException;
import net.voltlane.client.ClientTls;
import net.voltlane.client.CloseReason;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.LinkView;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates on all links of a real server: client to server, and server to a backend on the SDK. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class CertificatesTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String[] NAMES = {
        "DNS:d7.example", "URI:spiffe://example/d7", "IP:192.0.2.1", "email:d7@example.org"
    };

    private final TestAuthority servers = TestAuthority.create("servers");
    private final TestAuthority devices = TestAuthority.create("devices");
    private final TestCertificate ofServer = servers.server("127.0.0.1");
    private final BlockingQueue<ClientInfo> opened = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    private ClientTls trust;
    private VoltlaneBackend backend;
    private VoltlaneServer server;

    private final class Echo implements Handler {
        @Override
        public void opened(Session session, ClientInfo client) {
            opened.add(client);
        }

        @Override
        public void data(Session session, byte[] data) {
            session.send(data);
        }
    }

    @BeforeEach
    void start() throws Exception {
        String ca = servers.write(folder, "servers").toString();
        TestCertificate.Pair own = ofServer.write(folder, "server");
        trust = ClientTls.system().withAuthorities(Path.of(ca));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(servers.server("127.0.0.1").keyManagers(), servers.trustManagers(), null);
        backend = VoltlaneBackend.listen(
                new InetSocketAddress("127.0.0.1", 0),
                new Echo(),
                BackendOptions.DEFAULT.withTls(BackendTls.of(context).requireClientCertificates()));
        Address any = new Address("127.0.0.1", 0);
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(config.withListener(
                        config.listener().withoutAddress().withThreads(1).withKeyFile(""))
                .withTls(config.tls()
                        .withAddress(any)
                        .withCertificate(own.chain().toString())
                        .withKey(own.key().toString())
                        .withClientCa(devices.write(folder, "devices").toString()))
                .withWebSocket(config.webSocket().withAddress(any).withTls(true))
                .withMaster(config.master()
                        .withProtocol(3)
                        .withAddress(new Address("127.0.0.1", backend.address().getPort()))
                        .withTls(true)
                        .withCa(ca)
                        .withCertificate(own.chain().toString(), own.key().toString())));
        server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        server.stop();
        server.ended().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        backend.close();
    }

    private ClientBuilder client(String transport, ClientTls tls) {
        String listener = transport.equals("wss") ? "websocket" : "tls";
        int port = ((InetSocketAddress) server.addresses().get(listener)).getPort();
        return VoltlaneClient.builder(transport + "://127.0.0.1:" + port).tls(tls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "wss"})
    void theBackendGetsTheNamesInAClientsCertificate(String transport) throws Exception {
        TestCertificate.Pair own = devices.issue(
                        "CN=device 7,O=Example", "EC", TestAuthority.hours(-1), TestAuthority.hours(1), NAMES)
                .write(folder, "device");
        try (VoltlaneClient client =
                client(transport, trust.withCertificate(own.chain(), own.key())).connect()) {
            client.send(new byte[] {7});
            assertThat(client.receive(LIMIT)).containsExactly(7);
            ClientInfo told = opened.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(told).isNotNull();
            assertThat(told.transport()).isEqualTo(transport);
            assertThat(told.certificateSubject()).isEqualTo("CN=device 7,O=Example");
            assertThat(told.certificateNames()).containsExactly(NAMES);
            assertThat(server.session(client.sessionId())
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .orElseThrow()
                            .link())
                    .extracting(LinkView::transport)
                    .isEqualTo(transport);
        }
        List<X509Certificate> shown = backend.firehoses().get(0).peerCertificates();
        assertThat(shown).isEqualTo(ofServer.chain());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "wss"})
    void whoHasNoneOrOneOfAnotherAuthorityReachesNobody(String transport) throws Exception {
        TestCertificate.Pair others = servers.server("device").write(folder, "others");
        for (ClientTls tls : List.of(trust, trust.withCertificate(others.chain(), others.key()))) {
            assertThatThrownBy(() -> client(transport, tls).connect())
                    .isInstanceOfSatisfying(
                            ClientException.class, e -> assertThat(e.reason()).isEqualTo(CloseReason.TLS));
        }
        assertThat(server.count(Metric.REJECTED_TLS_CERTIFICATE)).isGreaterThanOrEqualTo(2);
        assertThat(opened).isEmpty();
    }
}
