package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.cli.ctl.CtlCommand;
import net.voltlane.cli.echo.Echo;
import net.voltlane.client.ClientException;
import net.voltlane.client.CloseReason;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands for operators, each against a server in a process of its own, with a backend and clients. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(90)
class CtlProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private static Path shared;

    private static Place place;

    private String out = "";
    private String err = "";

    @BeforeAll
    static void start() throws IOException {
        place = Place.in(shared);
    }

    @AfterAll
    static void stop() {
        place.close();
    }

    @Test
    void anOperatorSeesTheServerAndItsSessions() throws Exception {
        try (VoltlaneClient client = connect()) {
            assertEchoes(client);
            String id = Long.toUnsignedString(client.sessionId());

            // The gauges are set by sweeps, ten in a second.
            Awaitility.await().atMost(LIMIT).until(() -> ctl("status") == Exit.FINE && out.contains(" 1 live"));
            assertThat(out)
                    .contains(
                            "State        listening, ready", "Sessions     1 live", "127.0.0.1:" + place.clientsPort());
            assertThat(ctl("sessions", "--state", "live", "--client", "127.0.0.1", "--sort", "traffic"))
                    .isZero();
            assertThat(out.lines().toList())
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith(id + " ")
                    .contains("live");
            assertThat(ctl("sessions", "--slow", "--json")).isZero();
            assertThat(out.strip()).isEqualTo("{\"sessions\":[],\"next\":null}");
            assertThat(ctl("session", id)).isZero();
            assertThat(out).contains("Up           1 packets, 5 B", "Down         1 packets, 5 B");
            assertThat(ctl("session", "1")).isEqualTo(1);
            assertThat(err.lines()).hasSize(1);
            assertThat(ctl("top", "-n", "1")).isZero();
            assertThat(out).contains("State    listening, ready", "The slowest sessions", id);
            assertThat(ctl("top", "--json")).isZero();
            assertThat(out).contains("\"status\":{", "\"packetsUp\":[", "\"noisiest\":[{");
            assertThat(ctl("events")).isZero();
            assertThat(out).contains("clients are accepted");
        }
    }

    @Test
    void anOperatorSeesTheSettingsAndTheHealth() {
        assertThat(ctl("limits")).isZero();
        assertThat(out).contains("SETTING", "limits.max_clients");
        assertThat(ctl("config", "--changed")).isZero();
        assertThat(out).contains("clients.missed_packets_buffer_size", "connserver.toml:");
        assertThat(ctl("log-level")).isZero();
        assertThat(out.strip()).isEqualTo("Info");
        assertThat(ctl("log-level", "debug")).isZero();
        assertThat(ctl("log-level")).isZero();
        assertThat(out.strip()).isEqualTo("Debug");
        assertThat(ctl("status", "--json")).isZero();
        String status = out;
        assertThat(execute("key", "show")).isZero();
        assertThat(status).contains(out.lines().findFirst().orElseThrow().substring("Fingerprint  ".length()));
        assertThat(execute("healthcheck")).isZero();
        assertThat(execute("healthcheck", "--ready")).isZero();
        assertThat(out.strip()).isEqualTo("ready");
    }

    @Test
    void aClientThatIsKickedIsToldSo() throws Exception {
        try (VoltlaneClient client = connect()) {
            assertThat(ctl("kick", Long.toUnsignedString(client.sessionId()))).isZero();

            assertThatThrownBy(() -> client.receive(LIMIT))
                    .isInstanceOfSatisfying(
                            ClientException.class, e -> assertThat(e.reason()).isEqualTo(CloseReason.KICKED));
            assertThat(ctl("kick", Long.toUnsignedString(client.sessionId()))).isEqualTo(1);
        }
    }

    @Test
    void anAddressThatIsBannedIsKeptOutUntilTheBanIsLifted() throws Exception {
        try (VoltlaneClient before = connect()) {
            assertThat(ctl("ban", "127.0.0.1", "--seconds", "600")).isZero();
            assertThat(out).contains("127.0.0.1 is banned for 10 min.");
            assertThat(ctl("bans")).isZero();
            assertThat(out).contains("127.0.0.1").contains("operator");

            assertThatThrownBy(CtlProcessTest::connect).isInstanceOf(ClientException.class);
            assertEchoes(before);

            assertThat(ctl("unban", "127.0.0.1")).isZero();
            assertThat(ctl("unban", "127.0.0.1")).isEqualTo(1);
            try (VoltlaneClient after = connect()) {
                assertEchoes(after);
            }
        }
    }

    @Test
    void aReloadChangesTheServerOrTellsWhatIsWrong() throws Exception {
        place.configure("\"many\"");
        assertThat(ctl("reload")).isEqualTo(78);
        assertThat(err).startsWith("connserver.toml:").contains("clients.missed_packets_buffer_size");

        place.configure("200");
        assertThat(ctl("reload")).isZero();
        assertThat(out).contains("clients.missed_packets_buffer_size");
        assertThat(ctl("reload")).isZero();
        assertThat(out.strip()).isEqualTo("Nothing has changed.");
    }

    @Test
    void aServerWithoutItsBackendIsAliveButNotReadyAndADrainEndsIt(@TempDir Path folder) throws Exception {
        try (Place own = Place.in(folder);
                VoltlaneClient client = own.connect()) {
            assertEchoes(client);
            own.backend.close();

            Awaitility.await().atMost(LIMIT).until(() -> execute(folder, "healthcheck", "--ready") == Exit.FAILED);
            assertThat(out).startsWith("not ready: ").contains("master");
            assertThat(execute(folder, "healthcheck", "--live")).isZero();
            assertThat(execute(folder, "ctl", "drain")).isZero();
            assertThat(out).contains("The server is draining");

            assertThat(own.server.awaitExit(LIMIT)).isZero();
            assertThat(own.server.shamefulLines()).isEmpty();
            assertThat(execute(folder, "ctl", "status")).isEqualTo(1);
            assertThat(err).contains("is the server running?").hasLineCount(1);
        }
    }

    /** A server in a folder, with a backend that echoes. */
    private record Place(Path folder, VoltlaneBackend backend, ServerProcess server, int clientsPort, int adminPort)
            implements AutoCloseable {

        static Place in(Path folder) throws IOException {
            VoltlaneBackend backend = VoltlaneBackend.listen(Ports.loopback(0), new Echo(), Echo.OPTIONS);
            int clientsPort = Ports.free();
            int adminPort = Ports.free();
            configure(folder, clientsPort, backend.address().getPort(), adminPort, "100");
            ServerProcess server = ServerProcess.in(folder)
                    .arguments("serve")
                    .adminAsConfigured()
                    .start();
            server.awaitErrorLine(line -> line.contains("clients are accepted"), LIMIT);
            return new Place(folder, backend, server, clientsPort, adminPort);
        }

        /** Writes the configuration with a value for the number of packets that are kept for absent clients. */
        void configure(String missedPackets) throws IOException {
            configure(folder, clientsPort, backend.address().getPort(), adminPort, missedPackets);
        }

        private static void configure(Path folder, int clients, int master, int admin, String missedPackets)
                throws IOException {
            Files.writeString(
                    folder.resolve("connserver.toml"),
                    String.format(
                            "[general]%ndrain_timeout_secs = 1%n[clients]%nmissed_packets_buffer_size = %s%n[listener]%naddress = \"127.0.0.1:%d\"%n"
                                    + "[master]%naddress = \"127.0.0.1:%d\"%n[admin]%naddress = \"127.0.0.1:%d\"%n",
                            missedPackets, clients, master, admin));
        }

        VoltlaneClient connect() throws ClientException, InterruptedException {
            return VoltlaneClient.connect("127.0.0.1:" + clientsPort);
        }

        @Override
        public void close() {
            server.close();
            backend.close();
        }
    }

    private static VoltlaneClient connect() throws ClientException, InterruptedException {
        return place.connect();
    }

    private static void assertEchoes(VoltlaneClient client) throws Exception {
        client.send("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(client.receive(LIMIT)).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    }

    private int ctl(String... args) {
        String[] all = Stream.concat(Stream.of("ctl"), Stream.of(args)).toArray(String[]::new);
        return execute(shared, all);
    }

    private int execute(String... args) {
        return execute(shared, args);
    }

    /** Runs a command in the server's folder; keeps what it prints. */
    private int execute(Path directory, String... args) {
        StringWriter printed = new StringWriter();
        StringWriter errors = new StringWriter();
        Map<String, Supplier<Object>> commands = Map.of(
                "ctl", () -> CtlCommand.commandLine(directory, Map.of(), args),
                "healthcheck", () -> new HealthcheckCommand(directory, Map.of()),
                "key", () -> KeyCommand.commandLine(directory, Map.of()));
        int status = Commands.commandLine(commands, args)
                .setOut(new PrintWriter(printed, true))
                .setErr(new PrintWriter(errors, true))
                .execute(args);
        out = printed.toString();
        err = errors.toString();
        return status;
    }
}
