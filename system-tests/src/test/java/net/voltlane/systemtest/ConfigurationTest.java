package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command as an operator sees it: files, variables, flags, what is printed, and the exit status. */
class ConfigurationTest {
    private static final String FILE = "connserver.toml";
    private static final String OTHER_KEYS_STAY_DEFAULT = "[clients]\nmax_stale_clients = 7\n";

    private final Path folder = World.newFolder();

    @AfterEach
    void clean() {
        World.deleteFolder(folder);
    }

    // ---- errors

    @Test
    void everyErrorOfAFileIsToldAtOnceWithItsPlace() throws IOException {
        write(FILE, """
                [general]
                log_level = "Loud"
                [listener]
                address = "nowhere"
                handshake_timeout_secs = 0
                [clients]
                chanel_capacity = 5
                overflow = "panic"
                """);
        Ended ended = run("serve");
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.errors())
                .anyMatch(line -> line.startsWith(FILE + ":2") && line.contains("general.log_level"))
                .anyMatch(line -> line.startsWith(FILE + ":4") && line.contains("listener.address"))
                .anyMatch(line -> line.startsWith(FILE + ":5") && line.contains("listener.handshake_timeout_secs"))
                .anyMatch(line -> line.startsWith(FILE + ":7") && line.contains("clients.channel_capacity"))
                .anyMatch(line -> line.startsWith(FILE + ":8") && line.contains("clients.overflow"))
                .hasSize(5);
        assertThat(ended.errors().stream().filter(line -> line.contains("(expected: ")))
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void aFileThatIsNoTomlIsAConfigurationError() throws IOException {
        write(FILE, "[general\nlog_level = \n");
        Ended ended = run("serve");
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.errors()).isNotEmpty().allMatch(line -> line.startsWith(FILE + ":"));
    }

    @Test
    void aNamedFileThatIsNotThereIsAnErrorAndIsNotWritten() {
        Ended ended = run("serve", "-c", "mine.toml");
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.errors()).singleElement().asString().contains("mine.toml");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aPortInUseIsOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedMaster master = ScriptedMaster.listen()) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Ended ended = run("serve", "--listen", address, "--master", Settings.text(master.address()));
            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.errors().stream().filter(line -> line.contains("ERROR")))
                    .singleElement()
                    .asString()
                    .contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void wrongUsageIsToldInFewLines() {
        for (List<String> wrong : List.of(
                List.of("serve", "--lissten", "127.0.0.1:1"),
                List.of("serve", "--listen", "nowhere"),
                List.of("serve", "--listen"),
                List.of("sreve"),
                List.<String>of())) {
            Ended ended = run(wrong.toArray(String[]::new));
            assertThat(ended.status()).as("status of %s", wrong).isEqualTo(2);
            assertThat(ended.errors()).as("errors of %s", wrong).isNotEmpty().hasSizeLessThan(6);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aWrongVariableIsToldByItsName() {
        try (ServerProcess server = ServerProcess.in(folder)
                .arguments("serve")
                .env("VOLTLANE_MASTER_ADDRESS", "nowhere")
                .env("VOLTLANE_LISTENER_THREADS", "many")
                .start()) {
            assertThat(server.awaitExit(World.RUN_LIMIT)).isEqualTo(78);
            assertThat(server.errorLines())
                    .anyMatch(line -> line.contains("VOLTLANE_MASTER_ADDRESS"))
                    .anyMatch(line -> line.contains("VOLTLANE_LISTENER_THREADS"))
                    .hasSize(2);
        }
    }

    // ---- looking without starting

    @Test
    void checkSaysWhetherAllIsWellAndWritesNothing() throws IOException {
        Ended fine = run("serve", "--check");
        assertThat(fine.status()).isZero();
        assertThat(folder).isEmptyDirectory();

        write(FILE, "[master]\nadress = \"127.0.0.1:1\"\n");
        Ended wrong = run("serve", "-t");
        assertThat(wrong.status()).isEqualTo(78);
        assertThat(wrong.errors()).singleElement().asString().contains("adress").contains("address");
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith(FILE));
    }

    @Test
    void printConfigShowsWhatHoldsAndWhereItCameFromAndWritesNothing() throws IOException {
        write(FILE, "[master]\naddress = \"10.0.0.1:1\"\nchannel_capacity = 11\n[listener]\nthreads = 2\n");
        write(".env", "VOLTLANE_MASTER_ADDRESS=10.0.0.2:2\nVOLTLANE_LISTENER_THREADS=3\n");
        try (ServerProcess server = ServerProcess.in(folder)
                .arguments("serve", "--print-config", "--master", "10.0.0.4:4")
                .env("VOLTLANE_MASTER_ADDRESS", "10.0.0.3:3")
                .env("VOLTLANE_CLIENTS_MAX_STALE_CLIENTS", "12")
                .start()) {
            assertThat(server.awaitExit(World.RUN_LIMIT)).isZero();
            assertThat(server.outputLines())
                    .anyMatch(line -> line.contains("10.0.0.4:4") && line.contains("--master"))
                    .anyMatch(line -> line.matches("threads = 3\\b.*\\.env.*"))
                    .anyMatch(line -> line.matches("channel_capacity = 11\\b.*" + FILE + ".*"))
                    .anyMatch(line -> line.matches("max_stale_clients = 12\\b.*VOLTLANE_CLIENTS_MAX_STALE_CLIENTS.*"))
                    .anyMatch(line -> line.matches("stale_timeout_secs = 300\\b.*default.*"));
        }
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".key"));
    }

    @Test
    void versionAndHelpEndWellAndGoToStandardOutput() {
        for (String option : List.of("--version", "--help")) {
            for (List<String> command : List.of(List.of(option), List.of("serve", option))) {
                Ended ended = run(command.toArray(String[]::new));
                assertThat(ended.status()).as("status of %s", command).isZero();
                assertThat(ended.output()).as("output of %s", command).isNotEmpty();
                assertThat(ended.errors()).as("errors of %s", command).isEmpty();
            }
        }
    }

    // ---- starting

    @Test
    void theFirstStartWritesATemplateThatTheNextOneReads() throws IOException {
        try (ScriptedMaster master = ScriptedMaster.listen()) {
            start(master);
            Path file = folder.resolve(FILE);
            String template = Files.readString(file);
            assertThat(template)
                    .contains("[general]", "[listener]", "[master]", "[clients]", "# ", "stale_timeout_secs");
            start(master);
            assertThat(file).hasContent(template);
        }
    }

    @Test
    void aFileWithSomeKeysIsComplete() throws IOException {
        write(FILE, OTHER_KEYS_STAY_DEFAULT);
        try (ScriptedMaster master = ScriptedMaster.listen()) {
            start(master);
            assertThat(folder.resolve(FILE)).hasContent(OTHER_KEYS_STAY_DEFAULT);
        }
    }

    @Test
    void theLogLevelTakesEffect() throws IOException {
        try (ScriptedMaster master = ScriptedMaster.listen()) {
            write(FILE, "[general]\nlog_level = \"off\"\n");
            assertThat(start(master)).isEmpty();
            write(FILE, "[general]\nlog_level = \"WARN\"\n");
            assertThat(start(master)).noneMatch(line -> line.contains("INFO") || line.contains("DEBUG"));
            write(FILE, "[general]\nlog_level = \"Info\"\n");
            assertThat(start(master)).anyMatch(line -> line.contains("INFO")).noneMatch(line -> line.contains("DEBUG"));
            write(FILE, "[general]\nlog_level = \"debug\"\n");
            assertThat(start(master)).anyMatch(line -> line.contains("DEBUG"));
        }
    }

    @Test
    void logsAsJsonAreOneObjectALine() throws IOException {
        write(FILE, "[general]\nlog_format = \"json\"\n");
        try (ScriptedMaster master = ScriptedMaster.listen()) {
            assertThat(start(master))
                    .isNotEmpty()
                    .allMatch(line -> line.matches("\\{\"[a-z]+\":.*\"level\":\"[A-Z]+\".*\"message\":\".*[\"0-9]\\}"));
        }
    }

    @Test
    void logsGoToStandardErrorAlone() {
        try (ScriptedMaster master = ScriptedMaster.listen();
                ServerProcess server = serve(master, Ports.free())) {
            server.awaitErrorLine(line -> line.contains("INFO"), World.START_LIMIT);
            assertThat(server.outputLines()).isEmpty();
        }
    }

    /** Starts a server, serves one client and lets another down, stops it in order; returns what it logged. */
    private List<String> start(ScriptedMaster master) {
        int port = Ports.free();
        try (ServerProcess server = serve(master, port)) {
            server.awaitPort(Ports.loopback(port), World.START_LIMIT);
            ScriptedClient.open(Ports.loopback(port)).cut();
            try (ScriptedClient client = ScriptedClient.open(Ports.loopback(port))) {
                client.send(new byte[1]);
                assertThat(master.dataOf(client.id())).hasSize(1);
                server.signal("TERM");
                client.readUntilClosed();
            }
            assertThat(server.awaitExit(World.EXIT_LIMIT)).isZero();
            assertThat(server.shamefulLines()).isEmpty();
            return server.errorLines();
        }
    }

    private ServerProcess serve(ScriptedMaster master, int port) {
        return ServerProcess.in(folder)
                .arguments("serve", "--listen", "127.0.0.1:" + port, "--master", Settings.text(master.address()))
                .start();
    }

    private record Ended(int status, List<String> output, List<String> errors) {}

    /** Runs a command that ends by itself. */
    private Ended run(String... arguments) {
        try (ServerProcess command =
                ServerProcess.in(folder).arguments(arguments).start()) {
            int status = command.awaitExit(World.RUN_LIMIT);
            assertThat(command.shamefulLines()).isEmpty();
            return new Ended(status, command.outputLines(), command.errorLines());
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
