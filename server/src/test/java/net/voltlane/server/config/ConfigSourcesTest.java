package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files and variables as they are in the world: shared with other programs, behind links, named in other folders, and
 * written by people who forget quotes.
 */
class ConfigSourcesTest {
    private static final String EXPECTED_NETWORKS = " (expected: a list of addresses or networks, such as"
            + " [\"192.0.2.7\", \"10.0.0.0/8\", \"2001:db8::/32\"]; in a variable with commas between, or [] for none)";

    @TempDir
    Path directory;

    /** As from a shell whose locale can't name it: what stands in its files would be lost. */
    @Test
    void aWorkingDirectoryThatIsNotFoundIsNoFirstStart() {
        Path missing = directory.resolve("missing");

        assertThat(catchThrowableOfType(
                                ConfigException.class,
                                () -> ConfigLoader.load(new ConfigRequest(missing, null, Map.of(), null, null, true)))
                        .lines())
                .singleElement()
                .asString()
                .startsWith("the working directory " + missing + " is not found")
                .contains("LC_ALL=C.UTF-8");
        assertThat(missing).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connserver.toml", ".env"})
    void aLinkThatLeadsNowhereIsNoFirstStart(String name) throws Exception {
        Path target = directory.resolve("not mounted").resolve("file");
        Files.createSymbolicLink(directory.resolve(name), target);

        assertThat(errors(Map.of()))
                .containsExactly(name + ": can't be read: it is a link to " + target
                        + ", which is not there (a volume that is not mounted?)");
        assertThat(filesInDirectory()).containsExactly(name);
    }

    @Test
    void relativePathsInAFileAreRelativeToThatFile() throws Exception {
        Files.createDirectories(directory.resolve("conf"));
        file("conf/mine.toml", "[listener]\nkey_file = \"keys/mine.key\"\n");
        assertThat(keyFile(Path.of("conf/mine.toml"), Map.of())).isEqualTo("conf/keys/mine.key");
        assertThat(keyFile(directory.resolve("conf/mine.toml"), Map.of())).isEqualTo(directory + "/conf/keys/mine.key");
        assertThat(keyFile(Path.of("conf/../conf/mine.toml"), Map.of())).isEqualTo("conf/../conf/keys/mine.key");

        file("conf/mine.toml", "[listener]\nkey_file = \"/keys/mine.key\"\n");
        assertThat(keyFile(Path.of("conf/mine.toml"), Map.of())).isEqualTo("/keys/mine.key");

        file("conf/mine.toml", "[listener]\nkey_file = \"\"\n");
        assertThat(keyFile(Path.of("conf/mine.toml"), Map.of())).isEmpty();

        file("conf/mine.toml", "");
        assertThat(keyFile(Path.of("conf/mine.toml"), Map.of())).isEqualTo("conf/connserver.key");

        assertThat(keyFile(Path.of("conf/mine.toml"), Map.of("VOLTLANE_LISTENER_KEY_FILE", "my.key")))
                .as("variables are relative to the working directory")
                .isEqualTo("my.key");

        file("[listener]\nkey_file = \"keys/mine.key\"\n");
        assertThat(keyFile(null, Map.of())).isEqualTo("keys/mine.key");
    }

    @Test
    void aKeyFileThatWasAskedForIsRequired() throws Exception {
        assertThat(load().config().listener().keyFileRequired()).isFalse();
        file("[listener]\nkey_file = \"connserver.key\"\n");
        assertThat(load().config().listener().keyFileRequired())
                .as("as in the template")
                .isFalse();
        file("[listener]\nkey_file = \"\"\n");
        assertThat(load().config().listener().keyFileRequired()).isFalse();
        file("[listener]\nkey_file = \"my.key\"\n");
        assertThat(load().config().listener().keyFileRequired()).isTrue();
    }

    @Test
    void aValueWithoutItsQuotesIsToldByKeyAndHowToWriteIt() throws Exception {
        file("""
                [general]
                log_level = Info # much
                [listener]
                address = 0.0.0.0:42000
                key_file = connserver.key
                threads =
                [limits]
                deny = [10.0.0.0/8]
                """);

        assertThat(errors(Map.of()))
                .containsExactly(
                        "connserver.toml:2: general.log_level: Info (expected: quotes around it, as in \"Info\")",
                        "connserver.toml:4: listener.address: 0.0.0.0:42000 (expected: quotes around it, as in"
                                + " \"0.0.0.0:42000\")",
                        "connserver.toml:5: listener.key_file: connserver.key (expected: quotes around it, as in"
                                + " \"connserver.key\")",
                        "connserver.toml:6: listener.threads: no value (expected: a whole number from 0 to 1024, or"
                                + " \"auto\")",
                        "connserver.toml:8: limits.deny: [10.0.0.0/8]" + EXPECTED_NETWORKS);
    }

    @Test
    void aListInAVariableNamesWhatIsWrongInIt() {
        assertThat(errors(Map.of("VOLTLANE_LIMITS_DENY", "10.0.0.0/8, 10.0.0.0/33,::1,office")))
                .containsExactly("VOLTLANE_LIMITS_DENY: 10.0.0.0/33, office" + EXPECTED_NETWORKS);
    }

    @Test
    void theFormOfLogLinesIsKnownEvenIfSomethingIsWrong() throws Exception {
        file("[general]\nlog_format = \"json\"\n[clients]\noverflow = \"panic\"\n");

        assertThat(catchThrowableOfType(ConfigException.class, () -> load()).logFormat())
                .isEqualTo(LogFormat.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.datasource.url=x",
                "a-b=1",
                "HOME",
                "export PATH",
                "a-b=$VOLTLANE_LOG_LEVEL",
                "QUOTE='not closed",
                "=",
                "\u00e4=1",
            })
    void aLineOfAnotherProgramInDotEnvIsSkipped(String line) throws Exception {
        file(".env", line + "\nVOLTLANE_LOG_LEVEL=debug\n");

        assertThat(load().config().general().logLevel()).isEqualTo(LogLevel.DEBUG);
        assertThat(load().warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"VOLTLANE_LOG_LEVEL", "-VOLTLANE_LOG_LEVEL=x", "VOLTLANE_LOG_LEVEL='x", "x VOLTLANE_A=1"})
    void aLineOfOursInDotEnvMustBeUnderstood(String line) throws Exception {
        file(".env", "A=1\n" + line + "\n");

        assertThat(errors(Map.of())).singleElement().asString().startsWith(".env:2: ");
    }

    @Test
    void bytesOfOthersInDotEnvNeedBeNoText() throws Exception {
        Files.write(
                directory.resolve(".env"),
                "NAME=J\u00fcrgen\nVOLTLANE_LOG_LEVEL=debug\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(load().config().general().logLevel()).isEqualTo(LogLevel.DEBUG);

        Files.write(
                directory.resolve(".env"),
                "VOLTLANE_LISTENER_KEY_FILE=J\u00fcrgen\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(errors(Map.of())).containsExactly(".env:1: VOLTLANE_LISTENER_KEY_FILE: not UTF-8 text");
    }

    /** Else the lines between would be lost without a word. */
    @Test
    void aQuoteOfOthersDoesNotSwallowASettingOfOurs() throws Exception {
        file(".env", "NAME=it's\n  export VOLTLANE_LIMITS_DENY=10.0.0.0/8\nOTHER=that's\n");

        assertThat(errors(Map.of())).singleElement().asString().startsWith(".env:1: a quote that is closed only below");
    }

    @Test
    void theLaunchersVariablesAreKnown() throws Exception {
        assertThat(load(Map.of("VOLTLANE_AOT", "off", "VOLTLANE_JAVA_OPTS", "-Xmx1g", "VOLTLANE_JAVA_HOME", "/"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void variablesThatKubernetesSetsForServicesAreOneLine() throws Exception {
        LoadedConfig loaded = load(Map.ofEntries(
                Map.entry("VOLTLANE_SERVICE_HOST", "10.0.0.1"),
                Map.entry("VOLTLANE_SERVICE_PORT", "42000"),
                Map.entry("VOLTLANE_SERVICE_PORT_CLIENTS", "42000"),
                Map.entry("VOLTLANE_PORT", "tcp://10.0.0.1:42000"),
                Map.entry("VOLTLANE_PORT_42000_TCP", "tcp://10.0.0.1:42000"),
                Map.entry("VOLTLANE_PORT_42000_TCP_PROTO", "tcp"),
                Map.entry("VOLTLANE_PORT_42000_TCP_PORT", "42000"),
                Map.entry("VOLTLANE_PORT_42000_TCP_ADDR", "10.0.0.1"),
                Map.entry("VOLTLANE_BACKEND_SERVICE_HOST", "10.0.0.2"),
                Map.entry("VOLTLANE_BACKEND_PORT", "udp://10.0.0.2:1"),
                Map.entry("VOLTLANE_BACKEND_PORT_1_UDP", "udp://10.0.0.2:1")));

        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.notes())
                .filteredOn(line -> line.contains("Kubernetes"))
                .singleElement()
                .asString()
                .startsWith("ignored 11 variables that Kubernetes sets for its services (VOLTLANE_BACKEND_PORT, …)");
        assertThat(load(Map.of("VOLTLANE_LISTENER_PORT", "42000")).warnings()).hasSize(1);
    }

    private String keyFile(@Nullable Path file, Map<String, String> variables) throws ConfigException {
        return ConfigLoader.load(new ConfigRequest(directory, file, variables, null, null, false))
                .config()
                .listener()
                .keyFile();
    }

    private LoadedConfig load() throws ConfigException {
        return load(Map.of());
    }

    private LoadedConfig load(Map<String, String> environment) throws ConfigException {
        return ConfigLoader.load(new ConfigRequest(directory, null, environment, null, null, true));
    }

    private List<String> errors(Map<String, String> environment) {
        return catchThrowableOfType(ConfigException.class, () -> load(environment))
                .lines();
    }

    private void file(String text) throws IOException {
        file("connserver.toml", text);
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private List<String> filesInDirectory() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
