package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code voltlane echo} with TLS, and the real server that dials it with {@code master.tls}. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class EchoOverTlsTest {

    private final TestAuthority authority = TestAuthority.create("authority");
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private TestCertificate.Pair own;
    private String ca;

    @BeforeEach
    void write() throws Exception {
        ca = authority.write(folder, "ca").toString();
        own = authority.server("127.0.0.1").write(folder, "own");
    }

    private int run(String... options) {
        List<String> arguments = new ArrayList<>(List.of("echo"));
        arguments.addAll(List.of(options));
        return Commands.commandLine(Map.of("echo", EchoCommand::new))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(new String[0]));
    }

    @Test
    void aServerThatShowsACertificateIsEchoed() throws Exception {
        int port = Ports.free();
        String chain = own.chain().toString();
        String key = own.key().toString();
        Thread echo = new Thread(
                () -> run("--listen", "127.0.0.1:" + port, "--certificate", chain, "--key", key, "--client-ca", ca));
        echo.start();
        ServerConfig config = ServerConfig.defaults();
        VoltlaneServer server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withAddress(new Address("127.0.0.1", port))
                        .withTls(true)
                        .withCa(ca)
                        .withCertificate(chain, key)));
        int clients = server.listening()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .getPort();
        try (VoltlaneClient client =
                VoltlaneClient.builder("127.0.0.1", clients).connect()) {
            client.send(new byte[] {7});
            assertThat(client.receive(Duration.ofSeconds(20))).containsExactly(7);
        } finally {
            server.stop();
            server.ended().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
            echo.interrupt(); // as nothing but a signal to the process ends it in good order
            echo.join();
        }
    }

    @Test
    void optionsThatDoNotFitAreUsageErrors() {
        String chain = own.chain().toString();
        String key = own.key().toString();
        assertThat(run("--certificate", chain)).isEqualTo(Exit.USAGE);
        assertThat(run("--key", key)).isEqualTo(Exit.USAGE);
        assertThat(run("--client-ca", ca)).isEqualTo(Exit.USAGE);
        assertThat(run("--certificate", ca, "--key", key)).isEqualTo(Exit.USAGE);
        assertThat(run("--certificate", chain, "--key", key, "--client-ca", key))
                .isEqualTo(Exit.USAGE);
        assertThat(err.toString())
                .contains(
                        "option '--certificate': " + chain + " (expected: together with --key)",
                        "option '--key': " + key + " (expected: together with --certificate)",
                        "option '--client-ca': " + ca + " (expected: together with --certificate and --key)",
                        "option '--certificate': " + key + ": the key of another certificate",
                        "option '--client-ca': " + key + ": no certificate in it");
    }
}
