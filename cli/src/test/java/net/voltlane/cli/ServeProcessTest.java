package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.voltlane.testkit.IgnoredSignals;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that need a process of the server's own: signals and final statuses. */
@DisabledOnOs(OS.WINDOWS)
class ServeProcessTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalStopsItInOrder(String signal) throws IOException {
        IgnoredSignals.assumeHeard(signal);
        try (ScriptedMaster master = ScriptedMaster.listen();
                ServerProcess server = serve(master.address())) {
            server.awaitErrorLine(line -> line.contains("clients are accepted"), LIMIT);

            server.signal(signal);

            assertThat(server.awaitExit(LIMIT)).isZero();
            assertThat(server.errorLines()).anyMatch(line -> line.contains("Stopping"));
            assertThat(server.shamefulLines()).isEmpty();
        }
    }

    @Test
    void aHangUpReloadsTheConfiguration() throws IOException {
        IgnoredSignals.assumeHeard("HUP");
        Path file = directory.resolve("connserver.toml");
        Files.writeString(file, "[limits]\nmax_clients = 7\n");
        try (ScriptedMaster master = ScriptedMaster.listen();
                ServerProcess server = serve(master.address())) {
            server.awaitErrorLine(line -> line.contains("clients are accepted"), LIMIT);

            Files.writeString(file, "[limits]\nmax_clients = 8\n[general]\nlog_level = \"Debug\"\n");
            server.signal("HUP");
            server.awaitErrorLine(
                    line -> line.endsWith("in effect at once: general.log_level, limits.max_clients"), LIMIT);
            Files.writeString(file, "[limits]\nmax_clients = -8\n");
            server.signal("HUP");
            server.awaitErrorLine(
                    line -> line.contains("ERROR") && line.contains("connserver.toml:2: limits.max_clients: -8"),
                    LIMIT);
            server.awaitErrorLine(line -> line.contains("was not reloaded"), LIMIT);
            try (ScriptedClient client = ScriptedClient.open(listening(server))) {
                client.send(new byte[1]); // works on
            }
            server.awaitErrorLine(line -> line.contains("DEBUG"), LIMIT);

            server.signal("TERM");
            server.signal("HUP"); // too late, and harmless
            server.signal("TERM");
            assertThat(server.awaitExit(LIMIT)).isZero();
            assertThat(server.shamefulLines()).isEmpty();
        }
    }

    private static InetSocketAddress listening(ServerProcess server) {
        String line = server.awaitErrorLine(it -> it.contains("Ready: clients are accepted on 127.0.0.1:"), LIMIT);
        return Ports.loopback(Integer.parseInt(line.replaceAll(".*accepted on 127\\.0\\.0\\.1:(\\d+).*", "$1")));
    }

    /** A server that {@code nohup} starts, with HUP ignored, goes on when the terminal goes. */
    @Test
    void aHangUpThatIsIgnoredAtTheStartStaysSo() throws IOException {
        try (ScriptedMaster master = ScriptedMaster.listen();
                ServerProcess server = command(master.address())
                        .behind("sh", "-c", "trap '' HUP; exec \"$@\"", "sh")
                        .start()) {
            server.awaitErrorLine(line -> line.contains("clients are accepted"), LIMIT);

            server.signal("HUP");
            master.firehose().cut();
            master.accept();
            server.signal("TERM");

            assertThat(server.awaitExit(LIMIT)).isZero();
            assertThat(server.errorLines())
                    .filteredOn(line -> line.contains("Stopping"))
                    .hasSize(1);
        }
    }

    @Test
    void inJsonEveryLineNamesItsEventAndTheEndOfASessionHasItsFields() throws IOException {
        Files.writeString(
                directory.resolve("connserver.toml"), "[general]\nlog_format = \"json\"\n[log]\nsessions = true\n");
        try (ScriptedMaster master = ScriptedMaster.listen();
                ServerProcess server = command(master.address())
                        .env("VOLTLANE_ADMIN_ADDRESS", "127.0.0.1:0")
                        .start()) {
            String ready = server.awaitErrorLine(line -> line.contains("clients are accepted"), LIMIT);
            int port = Integer.parseInt(ready.replaceAll(".*accepted on 127\\.0\\.0\\.1:(\\d+).*", "$1"));
            try (ScriptedClient client = ScriptedClient.open(Ports.loopback(port))) {
                client.send(new byte[5]);
                assertThat(master.firehose().dataOf(client.id())).hasSize(5);
                server.signal("TERM");
                assertThat(server.awaitExit(LIMIT)).isZero();
            }
            List<JsonObject> lines = server.errorLines().stream()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
            assertThat(lines.stream().map(line -> line.get("event").getAsString()))
                    .containsSubsequence(
                            "starting", "configuration", "key_created", "admin", "session_ended", "stopping")
                    .containsSubsequence("master_reached", "limits", "ready", "draining", "stopped");
            JsonObject end = lines.stream()
                    .filter(line -> line.get("event").getAsString().equals("session_ended"))
                    .findFirst()
                    .orElseThrow();
            assertThat(end.get("reason").getAsString()).isEqualTo("Server stopping");
            assertThat(end.get("packets_up").getAsLong()).isEqualTo(1);
            assertThat(end.get("bytes_up").getAsLong()).isEqualTo(5);
            assertThat(end.get("seconds").getAsDouble()).isBetween(0.0, 20.0);
        }
    }

    @Test
    void theStartSaysWhatRunsHowItIsConfiguredAndWhere() throws IOException {
        try (ScriptedMaster master = ScriptedMaster.listen();
                ServerProcess server = serve(master.address())) {
            server.awaitErrorLine(line -> line.contains("Ready: clients are accepted on 127.0.0.1:"), LIMIT);
            assertThat(server.errorLines())
                    .anyMatch(line -> line.matches(".* Starting Voltlane [0-9.]+\\S* on Java \\S+, process [0-9]+"))
                    .anyMatch(line -> line.contains(" Configuration: ")
                            && line.contains("/connserver.toml, overridden by --listen, --master"))
                    .anyMatch(line -> line.matches(
                            ".* Limits: \\d+ clients because of the .+; the .+, \\d+ MiB of packets that wait"))
                    .anyMatch(line -> line.contains(
                            " Master 127.0.0.1:" + master.address().getPort() + " reached"));
            server.signal("TERM");
            assertThat(server.awaitExit(LIMIT)).isZero();
        }
        try (ScriptedMaster master = ScriptedMaster.listen();
                ServerProcess again = serve(master.address())) {
            again.awaitErrorLine(line -> line.matches(".* Key: SHA256:\\S{43} in .*connserver.key"), LIMIT);
        }
    }

    @Test
    void aServerThatStillWaitsForItsMasterStopsAsWell() {
        InetSocketAddress nobody = Ports.loopback(Ports.free());
        try (ServerProcess server = serve(nobody)) {
            server.awaitErrorLine(line -> line.contains(":" + nobody.getPort()), LIMIT);

            server.signal("TERM");

            assertThat(server.awaitExit(LIMIT)).isZero();
        }
    }

    @Test
    void aPortInUseIsOneClearLineAndStatusOne() throws IOException {
        try (ScriptedMaster master = ScriptedMaster.listen();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess server = ServerProcess.in(directory)
                        .arguments("serve", "--listen", "127.0.0.1:" + taken.getLocalPort())
                        .env(
                                "VOLTLANE_MASTER_ADDRESS",
                                "127.0.0.1:" + master.address().getPort())
                        .start()) {
            assertThat(server.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(server.errorLines())
                    .anySatisfy(line ->
                            assertThat(line).contains("ERROR", "listener.address: 127.0.0.1:" + taken.getLocalPort()));
            assertThat(server.shamefulLines()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "HUP"})
    void anEchoBackendEndsAtASignal(String signal) {
        IgnoredSignals.assumeHeard(signal);
        try (ServerProcess echo = ServerProcess.in(directory)
                .arguments("echo", "--listen", "127.0.0.1:0")
                .start()) {
            echo.awaitErrorLine(line -> line.contains("Echoing what comes to 127.0.0.1:"), LIMIT);

            echo.signal(signal);

            assertThat(echo.awaitExit(LIMIT)).isZero();
        }
    }

    private ServerProcess serve(InetSocketAddress master) {
        return command(master).start();
    }

    private ServerProcess.Builder command(InetSocketAddress master) {
        return ServerProcess.in(directory)
                .arguments("serve", "--listen", "127.0.0.1:0", "--master", "127.0.0.1:" + master.getPort());
    }
}
