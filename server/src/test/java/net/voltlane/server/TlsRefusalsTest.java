package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ProxyProtocol;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that a server with TLS does not let in, on real sockets. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class TlsRefusalsTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("voltlane tests");

    @TempDir
    Path folder;

    private final ScriptedMaster master = ScriptedMaster.listen();
    private final SSLContext trusting = TlsClient.context(AUTHORITY, null);
    private VoltlaneServer server;
    private InetSocketAddress tls;

    @AfterEach
    void stop() {
        server.stop();
        server.ended().toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
        master.close();
    }

    private void start(UnaryOperator<ServerConfig> more) throws Exception {
        TestCertificate.Pair files = AUTHORITY.server("localhost").write(folder, "server");
        ServerConfig defaults = ServerConfig.defaults();
        server = VoltlaneServer.start(more.apply(defaults.withListener(
                        defaults.listener().withoutAddress().withKeyFile("").withThreads(1))
                .withTls(defaults.tls()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withCertificate(files.chain().toString())
                        .withKey(files.key().toString()))
                .withMaster(defaults.master()
                        .withAddress(new Address("127.0.0.1", master.address().getPort())))));
        tls = server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
        master.accept();
    }

    private void awaitCount(Metric metric, long count) {
        await(metric.series()).atMost(Duration.ofSeconds(10)).until(() -> server.count(metric) == count);
    }

    private TlsClient behindProxy(String client) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), tls.getPort());
        plain.getOutputStream().write(Bytes.utf8("PROXY TCP4 " + client + " 192.0.2.1 4711 443\r\n"));
        return TlsClient.over(plain, trusting, "localhost");
    }

    /** A client that is banned costs no signature: it is turned away at the header, before TLS. */
    @Test
    void aBanHoldsForTheClientThatAProxyNames() throws Exception {
        start(c -> c.withListener(c.listener().withProxyProtocol(ProxyProtocol.ON))
                .withLimits(c.limits().withTrustedProxies(CidrSet.of(List.of("127.0.0.0/8")))));
        assertThat(server.bans().add(Objects.requireNonNull(Cidr.parse("203.0.113.9")), Duration.ofSeconds(60)))
                .isPresent();
        try (TlsClient banned = behindProxy("203.0.113.9")) {
            assertThatThrownBy(banned::handshake).isInstanceOf(IOException.class);
        }
        awaitCount(Metric.REFUSED_BANNED, 1);
        assertThat(server.count(Metric.TLS_HANDSHAKES_FULL)).isZero();
        try (TlsClient other = behindProxy("203.0.113.10").open()) {
            assertThat(other.id).isNotZero();
        }
    }

    /** Input that the server has not read would reset the connection, and with it the alert. */
    @Test
    void theAlertOfARefusalIsReadByAClientOfTls12() throws Exception {
        Path ca = TestAuthority.create("clients").write(folder, "clients");
        start(c -> c.withTls(c.tls().withClientCa(ca.toString())));
        for (int i = 1; i <= 10; i++) {
            try (TlsClient client =
                    TlsClient.connect(tls, trusting, "localhost").only("TLSv1.2")) {
                assertThatThrownBy(client::handshake)
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("alert");
            }
            awaitCount(Metric.REJECTED_TLS_CERTIFICATE, i);
        }
    }
}
