package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.cli.echo.Echo;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code voltlane connect} over TLS, WebSockets and a Unix socket, with the real server, which wants certificates, and the echo backend. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ConnectOverTlsTest {

    private final TestAuthority authority = TestAuthority.create("authority");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private VoltlaneBackend backend;
    private VoltlaneServer server;
    private TestCertificate.Pair own;
    private String ca;

    @BeforeEach
    void start() throws Exception {
        start(false);
    }

    private void start(boolean webSocketWithTls) throws Exception {
        ca = authority.write(folder, "ca").toString();
        own = authority.server("client").write(folder, "client");
        TestCertificate.Pair files = authority.server("127.0.0.1").write(folder, "server");
        backend = VoltlaneBackend.listen(Ports.loopback(0), new Echo(), Echo.OPTIONS);
        Address any = new Address("127.0.0.1", 0);
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address(folder.resolve("sock").toString(), 0))
                        .withKeyFile(""))
                .withTls(config.tls()
                        .withAddress(any)
                        .withCertificate(files.chain().toString())
                        .withKey(files.key().toString())
                        .withClientCa(ca))
                .withWebSocket(config.webSocket().withAddress(any).withTls(webSocketWithTls))
                .withMaster(config.master()
                        .withAddress(new Address("127.0.0.1", backend.address().getPort()))));
        server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        server.stop();
        server.ended().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        backend.close();
    }

    private int run(String scheme, String listener, String... options) {
        InetSocketAddress address = (InetSocketAddress) server.addresses().get(listener);
        String to =
                scheme.equals("unix") ? "unix:" + folder.resolve("sock") : scheme + "://127.0.0.1:" + address.getPort();
        List<String> arguments = new ArrayList<>(List.of("connect", to));
        arguments.addAll(List.of(options));
        ByteArrayInputStream in = new ByteArrayInputStream("one\n\ntwo\n".getBytes(StandardCharsets.UTF_8));
        return Commands.commandLine(Map.of("connect", () -> new ConnectCommand(in, out)))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(new String[0]));
    }

    @Test
    void linesGoThereAndBack() {
        String[] files = {
            "--ca",
            ca,
            "--certificate",
            own.chain().toString(),
            "--key",
            own.key().toString()
        };
        assertThat(run("tls", "tls", files)).as(err.toString()).isZero();
        assertThat(run("ws", "websocket")).as(err.toString()).isZero();
        assertThat(run("unix", "websocket")).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualTo("one\n\ntwo\n".repeat(3));
    }

    @Test
    void linesGoThereAndBackByWebSocketOverTls() throws Exception {
        stop();
        start(true);
        String[] certificate = {
            "--certificate", own.chain().toString(), "--key", own.key().toString()
        };
        String other = TestAuthority.create("other").write(folder, "other").toString();
        assertThat(run("wss", "websocket", concat(certificate, "--ca", ca)))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).isEqualTo("one\n\ntwo\n");
        assertThat(err.toString().lines()).singleElement().asString().startsWith("connected, session ");

        err.getBuffer().setLength(0);
        assertThat(run("wss", "websocket", concat(certificate, "--ca", other))).isEqualTo(Exit.FAILED);
        assertThat(run("tls", "tls", concat(certificate, "--ca", other))).isEqualTo(Exit.FAILED);
        assertThat(err.toString().lines())
                .satisfiesExactly(line -> assertNotTrusted("wss", line), line -> assertNotTrusted("tls", line));
        assertThat(out.toString()).as("nothing more").isEqualTo("one\n\ntwo\n");
    }

    private static String[] concat(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private static void assertNotTrusted(String scheme, String line) {
        assertThat(line)
                .startsWith("failed: the certificate of " + scheme + "://127.0.0.1:")
                .endsWith("is not trusted: no trusted authority has signed it");
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertThat(run("tls", "tls")).isEqualTo(Exit.FAILED);
        assertThat(run("tls", "tls", "--ca", ca)).isEqualTo(Exit.FAILED);
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertNotTrusted("tls", line),
                        // A reset behind the server's alert may destroy it.
                        line -> assertThat(line)
                                .containsAnyOf("the server asks for a certificate of this client", "broke the link"));
    }

    @Test
    void optionsWithoutEffectAndFilesThatCanNotBeUsedAreUsageErrors() {
        assertThat(run("ws", "websocket", "--ca", ca)).isEqualTo(2);
        assertThat(run("tls", "tls", "--ca", own.key().toString())).isEqualTo(2);
        assertThat(run("tls", "tls", "--certificate", ca, "--key", own.key().toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "option '--ca': " + ca
                                + " (expected: with a server's address that begins with tls:// or wss://)",
                        "option '--ca': " + own.key() + ": no certificate in it (expected: ",
                        "option '--certificate': " + own.key() + ": the key of another certificate (expected: ");
        assertThat(out.toString()).isEmpty();
    }
}
