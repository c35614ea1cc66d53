package net.voltlane.systemtest.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.ClientTls;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server process on the JDK's TLS, which it takes where Netty finds no BoringSSL for the platform, and one on
 * BoringSSL: both serve TLS and WebSocket, and take new certificates while clients stay.
 */
@Timeout(240)
final class TlsLibraryTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    /** The server looks at its files every 5 s. */
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(30);

    private final TestAuthority authority = TestAuthority.create("authority");
    private final int tlsPort = Ports.free();
    private final int webSocketPort = Ports.free();

    @TempDir
    Path folder;

    private VoltlaneBackend backend;
    private ClientTls trust;

    @BeforeEach
    void prepare() throws Exception {
        backend = VoltlaneBackend.listen(Ports.loopback(0), new Echo(), BackendOptions.DEFAULT);
        trust = ClientTls.system().withAuthorities(authority.write(folder, "ca"));
        authority.server("127.0.0.1").write(folder, "used");
        Files.writeString(
                folder.resolve("connserver.toml"),
                String.join(
                        "\n",
                        "listener.address = \"\"",
                        "tls.address = \"127.0.0.1:" + tlsPort + "\"",
                        "tls.certificate = \"used.pem\"",
                        "tls.key = \"used.key\"",
                        "websocket.address = \"127.0.0.1:" + webSocketPort + "\"",
                        "websocket.tls = true",
                        "master.address = \"127.0.0.1:" + backend.address().getPort() + "\"",
                        "admin.address = \"127.0.0.1:" + Ports.free() + "\"",
                        ""));
    }

    @AfterEach
    void stop() {
        backend.close();
    }

    private static final class Echo implements Handler {
        @Override
        public void data(Session session, byte[] data) {
            session.send(data);
        }
    }

    @Test
    void theJdksTlsServesAWholeServer() throws Exception {
        serves("TLS by the JDK, with CN=127.0.0.1 until ", "-Dio.netty.handler.ssl.noOpenSsl=true");
    }

    @Test
    void boringSslServesAWholeServer() throws Exception {
        Assumptions.assumeTrue(OpenSsl.isAvailable(), "there is no BoringSSL for this platform");
        serves("TLS by BoringSSL, with CN=127.0.0.1 until ");
    }

    private void serves(String library, String... jvmFlags) throws Exception {
        try (ServerProcess server = ServerProcess.in(folder)
                .jvm(jvmFlags)
                .adminAsConfigured()
                .arguments("serve")
                .start()) {
            server.awaitErrorLine(line -> line.contains("clients are accepted"), START_LIMIT);
            assertThat(server.errorLines()).as("the library in use").anyMatch(line -> line.contains(library));
            try (VoltlaneClient tls = connect("tls://127.0.0.1:" + tlsPort, trust);
                    VoltlaneClient webSocket = connect("wss://127.0.0.1:" + webSocketPort + "/", trust)) {
                renew(server, tls, webSocket);
                keep(tls, webSocket);
            }
            server.signal("TERM");
            assertThat(server.awaitExit(COMMAND_LIMIT)).isZero();
            assertThat(server.shamefulLines()).as(server.report()).isEmpty();
        }
    }

    /** Clients stay, and new ones are shown the new certificate. */
    private void renew(ServerProcess server, VoltlaneClient... clients) throws Exception {
        TestCertificate.Pair next = authority.server("127.0.0.1").write(folder, "next");
        Files.copy(next.chain(), folder.resolve("used.pem"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(next.key(), folder.resolve("used.key"), StandardCopyOption.REPLACE_EXISTING);
        reload(0);
        await().atMost(LOOK_LIMIT) // where the server's own look was first, it may not be done
                .until(() -> server.errorLines().stream()
                        .anyMatch(line -> line.contains("New certificates are in use: CN=127.0.0.1 until ")));
        serveAll(ClientTls.system().withPinnedCertificate(next.chain()), clients);
    }

    /** A key that does not fit is a mistake each time that a reload is asked for, and changes nothing. */
    private void keep(VoltlaneClient... clients) throws Exception {
        TestCertificate.Pair other = authority.server("127.0.0.1").write(folder, "other");
        Files.copy(other.key(), folder.resolve("used.key"), StandardCopyOption.REPLACE_EXISTING);
        for (int i = 0; i < 2; i++) {
            assertThat(reload(78))
                    .contains("tls.key: ", "the key of another certificate", "the certificates in use before stay");
        }
        serveAll(ClientTls.system().withPinnedCertificate(folder.resolve("next.pem")), clients);
    }

    private void serveAll(ClientTls pin, VoltlaneClient... clients) throws Exception {
        connect("tls://127.0.0.1:" + tlsPort, pin).close();
        connect("wss://127.0.0.1:" + webSocketPort + "/", pin).close();
        for (VoltlaneClient client : clients) {
            echo(client);
        }
    }

    private static VoltlaneClient connect(String address, ClientTls tls) throws Exception {
        VoltlaneClient client = VoltlaneClient.builder(address)
                .tls(tls)
                .handshakeTimeout(ANSWER_LIMIT)
                .connect();
        echo(client);
        return client;
    }

    private static void echo(VoltlaneClient client) throws Exception {
        client.send(new byte[] {1, 2, 3});
        assertThat(client.receive(ANSWER_LIMIT)).containsExactly(1, 2, 3);
    }

    /** Runs {@code voltlane ctl reload}, and returns what it says. */
    private String reload(int status) {
        try (ServerProcess command = ServerProcess.in(folder)
                .adminAsConfigured()
                .arguments("ctl", "reload")
                .start()) {
            assertThat(command.awaitExit(COMMAND_LIMIT)).as(command.report()).isEqualTo(status);
            return String.join("\n", command.outputLines());
        }
    }
}
