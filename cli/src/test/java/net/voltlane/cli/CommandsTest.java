package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.LogLevel;
import net.voltlane.server.config.ServerConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line in this process: statuses and what is printed. {@link ServeProcessTest} has the rest. */
class CommandsTest {

    @TempDir
    Path directory;

    private final List<ServerConfig> started = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
    private Map<String, String> environment = Map.of();

    @Test
    void aServerThatEndsInOrderIsFine() throws IOException {
        assertThat(run("serve", "--listen", "[::1]:1", "--master", "host:2")).isEqualTo(0);

        assertThat(started).singleElement().satisfies(config -> {
            assertThat(config.listener().address()).contains(new Address("::1", 1));
            assertThat(config.master().address()).isEqualTo(new Address("host", 2));
        });
        assertThat(files()).containsExactly("connserver.toml");
    }

    @Test
    void aServerThatFailsIsOneLineAndStatusOne() {
        environment = Map.of("VOLTLANE_LOG_LEVEL", "off");
        ended = CompletableFuture.failedFuture(new IllegalStateException("the master stayed away"));

        assertThat(run("serve")).isEqualTo(1);

        assertThat(err.toString()).isEqualToIgnoringNewLines("the master stayed away");
        assertThat(started.get(0).general().logLevel()).isEqualTo(LogLevel.OFF);
    }

    @Test
    void aKeyFileThatCanNotBeUsedIsOneLineAndStatus78() throws IOException {
        Files.writeString(directory.resolve("key"), "no key");
        environment = Map.of(
                "VOLTLANE_LOG_LEVEL",
                "Off",
                "VOLTLANE_LISTENER_KEY_FILE",
                directory.resolve("key").toString());

        assertThat(run(RealServer::start, "serve")).isEqualTo(78);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("key")
                .doesNotContain("Exception");
    }

    @Test
    void aConfigurationThatIsWrongIsTheListOfErrorsAndStatus78() throws IOException {
        Files.writeString(directory.resolve("connserver.toml"), "[clients]\nchannel_capacity = 0\nfoo = 1\n");

        assertThat(run("serve")).isEqualTo(78);

        assertThat(err.toString().lines())
                .hasSize(2)
                .satisfies(lines ->
                        assertThat(lines.get(0)).startsWith("connserver.toml:2: clients.channel_capacity: 0 "));
        assertThat(started).isEmpty();
    }

    @Test
    void aNamedFileThatIsNotThereIsStatus78() {
        assertThat(run("serve", "-c", "mine.toml")).isEqualTo(78);

        assertThat(err.toString()).isEqualToIgnoringNewLines("mine.toml: no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t", "--check"})
    void aCheckStartsAndWritesNothing(String option) throws IOException {
        environment = Map.of("VOLTLANE_LOG_LEVLE", "x");

        assertThat(run("serve", option)).isEqualTo(0);

        assertThat(out.toString()).isEqualToIgnoringNewLines("The configuration is in order.");
        assertThat(err.toString()).contains("VOLTLANE_LOG_LEVLE: unknown variable", "the defaults hold");
        assertThat(started).isEmpty();
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no key", "0000000000000000000000000000000000000000000000000000000000000000"})
    void aCheckReadsTheKeyFile(String content) throws IOException {
        environment =
                Map.of("VOLTLANE_LISTENER_KEY_FILE", directory.resolve("key").toString());
        assertThat(run("serve", "--check")).isEqualTo(0);
        assertThat(err.toString()).contains("key is not there: the next start makes a new key");

        Files.writeString(directory.resolve("key"), content);
        assertThat(run("serve", "--check")).isEqualTo(78);
        assertThat(err.toString()).contains("listener.key_file: " + directory.resolve("key") + ": not a key");
        assertThat(directory.resolve("key")).hasContent(content);
    }

    @Test
    void aCheckShowsTheKeysFingerprint() throws IOException {
        Path key = directory.resolve("key");
        Files.writeString(key, "0".repeat(63) + "1\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        environment = Map.of("VOLTLANE_LISTENER_KEY_FILE", key.toString());

        assertThat(run("serve", "--check")).isEqualTo(0);
        assertThat(err.toString()).contains("SHA256:D3Fbr11MLtMpeFzvKeVi9zSIyKK7nbxXALNh1UubBVQ");
    }

    @Test
    void aPlaceForTheKeyThatWasAskedForAndCanNotBeHadIsFoundByACheck() {
        environment = Map.of("VOLTLANE_LISTENER_KEY_FILE", "/nonexistent/folder/key");

        assertThat(run("serve", "--check")).isEqualTo(78);
        assertThat(err.toString()).contains("listener.key_file: /nonexistent/folder/key: ", "no such folder");
    }

    @Test
    void aCheckFindsWhatIsWrong() {
        environment = Map.of("VOLTLANE_LOG_LEVEL", "x");

        assertThat(run("serve", "--check")).isEqualTo(78);
    }

    @Test
    void printedSettingsNameTheirOrigin() throws IOException {
        assertThat(run("serve", "--print-config", "--listen", "0.0.0.0:5")).isEqualTo(0);

        assertThat(out.toString()).containsPattern("address = \"0\\.0\\.0\\.0:5\" +# --listen");
        assertThat(started).isEmpty();
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nope",
                "help nope",
                "version extra",
                "serve --nope",
                "serve extra",
                "serve --listen",
                "serve --listen nowhere",
                "serve --master 127.0.0.1:0",
                "serve -c",
                "echo --listen x",
                "demo --clients 0",
                "demo --clients many",
                "demo --seconds 0",
                "connect",
                "connect nowhere",
                "connect 127.0.0.1:0",
                "connect 127.0.0.1:1 extra",
                "connect --linger -1 127.0.0.1:1",
                "connect --linger NaN 127.0.0.1:1",
                "connect --give-up 0 127.0.0.1:1",
            })
    void aSlipOnTheCommandLineIsAShortMessageAndStatusTwo(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);

        assertThat(err.toString().lines().count()).isBetween(2L, 3L);
        assertThat(err.toString())
                .startsWith("voltlane")
                .contains("Try: voltlane")
                .doesNotContain("Exception");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nope|voltlane: there is no command 'nope'",
                "serve extra|voltlane serve: unexpected argument 'extra'",
                "connect nowhere|voltlane connect: Invalid value for ADDR: 'nowhere' (expected: host:port, such as",
                "connect chat_server|voltlane connect: Invalid value for ADDR: 'chat_server' (expected: host:port, such as",
                "connect tls://bücher|voltlane connect: Invalid value for ADDR: 'tls://bücher' (expected: host:port, such as",
                "connect ws://a/#x|[::1]:42000, or with tls://, ws:// or wss:// in front, or unix:/path)",
                "connect 127.0.0.1:1 --linger x|option '--linger': 'x' (expected: a number)",
                "demo --clients many|option '--clients': 'many' (expected: a whole number)",
            })
    void aSlipIsToldInWordsOfTheCommandLine(String line, String words) {
        run(line.split(" "));

        assertThat(err.toString()).contains(words);
    }

    @Test
    void aMisspeltCommandIsRecognised() {
        run("sevre");

        assertThat(err.toString()).contains("serve?");
    }

    @Test
    void theNamedCommandAloneIsMade() {
        assertThat(made("serve", "demo")).containsExactly("serve");
        assertThat(made("demo", "serve")).containsExactly("demo");
    }

    @Test
    void allCommandsAreMadeWhereNoneIsNamed() {
        assertThat(made()).containsExactly("serve", "echo", "connect", "demo", "help", "version");
        assertThat(made("sevre")).containsExactly("serve", "echo", "connect", "demo", "help", "version");
        assertThat(made("--help")).containsExactly("serve", "echo", "connect", "demo", "help", "version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--listen [::1]:1",
                "--master host:2",
                "-c some/file",
                "--config f --master host:2 --listen 0.0.0.0:0",
            })
    void plainOptionsOfServeAreWhatPicocliTakesThemFor(String options) {
        String[] args = options.isEmpty() ? new String[0] : options.split(" ");
        ServeCommand byPicocli = new ServeCommand(config -> new FakeServer());
        new CommandLine(byPicocli).parseArgs(args);

        ServeCommand plain = new ServeCommand(config -> new FakeServer());
        assertThat(plain.setPlain(List.of(args))).isTrue();
        assertThat(plain).hasToString(byPicocli.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t",
                "--print-config",
                "--help",
                "--listen",
                "--listen=h:1",
                "--listen nowhere",
                "--listen -c",
                "--master h:0",
                "--config @file",
                "--config 'quoted'",
                "--listen h:1 --listen h:2",
                "--master h:1 --master h:2",
                "-c f --config g",
                "--nope x",
                "extra",
            })
    void whatIsNotPlainIsLeftToPicocli(String options) {
        assertThat(new ServeCommand(config -> new FakeServer()).setPlain(List.of(options.split(" "))))
                .isFalse();
    }

    private Set<String> made(String... args) {
        return Commands.commandLine(commands(config -> new FakeServer()), args)
                .getSubcommands()
                .keySet();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "version", "serve --version", "echo -V", "demo -V", "connect -V"})
    void theVersionIsThatOfTheBuild(String line) {
        assertThat(run(line.split(" "))).isEqualTo(0);

        assertThat(out.toString()).matches("voltlane \\d+\\.\\d+\\.\\d+\\S* \\(Java .+\\)\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help", "help serve", "serve --help", "echo -h", "demo -h", "connect -h"})
    void helpIsFine(String line) {
        assertThat(run(line.split(" "))).isEqualTo(0);

        assertThat(out.toString()).startsWith("Usage: voltlane");
    }

    @Test
    void aHostThatIsNotThereIsAMistakeOfTheOperator() {
        String address = "no-such-host.invalid:42777";
        assertThat(run("echo", "--listen", address)).isEqualTo(2);
        assertThat(err.toString())
                .contains("'--listen': " + address + " (unknown host)")
                .doesNotContain("internal error");
    }

    @Test
    void anAddressInUseIsOneLineAndStatusOne() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            assertThat(run("echo", "--listen", address)).isEqualTo(1);

            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("can't listen on " + address + ": address already in use: ")
                    .contains("`ss -ltnp`")
                    .contains("net.ipv4.ip_local_reserved_ports=");
        }
    }

    @Test
    void aMistakeOfOursIsOneLineAsWell() {
        RunningServer.Starter broken = config -> {
            throw new IllegalStateException("oops");
        };

        assertThat(run(broken, "serve")).isEqualTo(1);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("internal error", "oops", "CommandsTest");
    }

    private int run(String... args) {
        return run(
                config -> {
                    started.add(config);
                    return new FakeServer();
                },
                args);
    }

    private int run(RunningServer.Starter starter, String... args) {
        return Commands.commandLine(commands(starter), args)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private Map<String, Supplier<Object>> commands(RunningServer.Starter starter) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("VOLTLANE_ADMIN_ADDRESS", "");
        commands.put("serve", () -> new ServeCommand(starter, directory, variables));
        commands.put("echo", EchoCommand::new);
        commands.put(
                "connect", () -> new ConnectCommand(InputStream.nullInputStream(), OutputStream.nullOutputStream()));
        commands.put("demo", DemoCommand::new);
        return commands;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private final class FakeServer implements RunningServer {
        @Override
        public CompletionStage<Void> ended() {
            return ended;
        }

        @Override
        public CompletionStage<InetSocketAddress> listening() {
            return new CompletableFuture<>();
        }

        @Override
        public void drain(Duration timeout) {
            throw new AssertionError("nobody asked for it");
        }

        @Override
        public CompletionStage<ConfigChange> reload(ServerConfig next) {
            throw new AssertionError("nobody asked for it");
        }

        @Override
        public void heartbeat(Duration interval, Runnable beat) {
            throw new AssertionError("nobody watches it");
        }

        @Override
        public @Nullable VoltlaneServer server() {
            return null;
        }
    }
}
