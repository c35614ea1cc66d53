package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigFilesTest extends ConfigCase {
    @Test
    void laterSourcesOverrideEarlierOnes() throws Exception {
        file("[clients]\nchannel_capacity = 1\nstale_timeout_secs = 1\nmax_stale_clients = 1\n"
                + "[listener]\naddress = 'a:1'\n");
        file(
                ".env",
                "VOLTLANE_CLIENTS_STALE_TIMEOUT_SECS=2\nexport VOLTLANE_CLIENTS_MAX_STALE_CLIENTS=2\n"
                        + "VOLTLANE_LISTENER_ADDRESS=b:2\n");
        Map<String, String> environment =
                Map.of("VOLTLANE_CLIENTS_MAX_STALE_CLIENTS", "3", "VOLTLANE_LISTENER_ADDRESS", "c:3");

        ServerConfig config = ConfigLoader.load(
                        new ConfigRequest(directory, null, environment, new Address("d", 4), null, true))
                .config();

        assertThat(config.clients().channelCapacity()).isEqualTo(1);
        assertThat(config.clients().staleTimeoutSecs()).isEqualTo(2);
        assertThat(config.clients().maxStaleClients()).isEqualTo(3);
        assertThat(config.listener().address()).contains(new Address("d", 4));
    }

    @Test
    void whatIsPrintedNamesOriginsAndCanBeReadAgain() throws Exception {
        file("[clients]\nchannel_capacity = 1\n");
        file(".env", "\nVOLTLANE_LISTENER_KEY_FILE='a \"quoted\" \\ name'\n");
        LoadedConfig loaded = ConfigLoader.load(new ConfigRequest(
                directory, null, Map.of("VOLTLANE_LOG_LEVEL", "tRace"), null, new Address("::1", 5), true));

        assertThat(loaded.printed().lines().map(line -> line.replaceAll(" +#", " #")))
                .contains(
                        "log_level = \"Trace\" # VOLTLANE_LOG_LEVEL",
                        "log_format = \"text\" # default",
                        "key_file = \"a \\\"quoted\\\" \\\\ name\" # .env:2: VOLTLANE_LISTENER_KEY_FILE",
                        "address = \"[::1]:5\" # --master",
                        "channel_capacity = 1 # connserver.toml:2");
        file("printed.toml", loaded.printed());
        Files.delete(directory.resolve(".env"));
        assertThat(load(Path.of("printed.toml")).config()).isEqualTo(loaded.config());
    }

    @Test
    void everySettingIsListedWithItsValueAndOrigin() throws Exception {
        Files.createDirectory(directory.resolve("sub"));
        file("sub/its.toml", """
                [listener]
                address = "[::1]:5"
                key_file = "k"
                [clients]
                missed_packets_buffer_size = "unlimited"
                [limits]
                max_clients = 7
                deny = ["10.0.0.0/8", "192.0.2.7"]
                [log]
                sessions = true
                """);
        LoadedConfig loaded = ConfigLoader.load(new ConfigRequest(
                directory,
                Path.of("sub/its.toml"),
                Map.of("VOLTLANE_LOG_LEVEL", "tRace"),
                null,
                new Address("m", 6),
                true));

        Map<String, Setting> settings =
                loaded.settings().stream().collect(Collectors.toMap(Setting::key, Function.identity()));
        assertThat(settings).hasSameSizeAs(Catalogue.ALL);
        Key<LogLevel> level = General.LOG_LEVEL;
        assertThat(settings.get("general.log_level"))
                .isEqualTo(new Setting(
                        "general.log_level",
                        "Trace",
                        "VOLTLANE_LOG_LEVEL",
                        "Info",
                        Reload.AT_ONCE,
                        level.description()));
        assertThat(settings.get("listener.address")).extracting(Setting::value).isEqualTo("[::1]:5");
        assertThat(settings.get("listener.key_file"))
                .extracting(Setting::value, Setting::defaultValue)
                .containsExactly("sub/k", "sub/connserver.key");
        assertThat(settings.get("master.address"))
                .extracting(Setting::value, Setting::origin)
                .containsExactly("m:6", "--master");
        assertThat(settings.get("clients.missed_packets_buffer_size"))
                .extracting(Setting::value, Setting::origin, Setting::defaultValue)
                .containsExactly("unlimited", "sub/its.toml:5", 0L);
        assertThat(settings.get("limits.max_clients"))
                .extracting(Setting::value, Setting::defaultValue)
                .containsExactly(7L, 0L);
        assertThat(settings.get("limits.deny"))
                .extracting(Setting::value, Setting::defaultValue)
                .containsExactly(List.of("10.0.0.0/8", "192.0.2.7"), List.of());
        assertThat(settings.get("log.sessions"))
                .extracting(Setting::value, Setting::origin)
                .containsExactly(true, "sub/its.toml:10");
        assertThat(settings.get("admin.address"))
                .extracting(Setting::value, Setting::origin, Setting::reload)
                .containsExactly("127.0.0.1:42002", "default", Reload.AT_RESTART);
    }

    @Test
    void theFirstStartWritesTheTemplateAndTheNextReadsIt() throws Exception {
        LoadedConfig first = load();
        LoadedConfig second = load();

        assertThat(Files.readString(directory.resolve("connserver.toml"))).isEqualTo(CatalogueText.template());
        assertThat(first.notes()).containsExactly("connserver.toml was not there: written, with the defaults");
        assertThat(second.notes()).isEmpty();
        assertThat(second.config()).isEqualTo(first.config()).isEqualTo(ServerConfig.defaults());
        assertThat(filesInDirectory()).containsExactly("connserver.toml");
    }

    @Test
    void theSourcesNameTheFileAndWhatOverridesIt() throws Exception {
        Path file = directory.toAbsolutePath().resolve("connserver.toml");
        assertThat(ConfigLoader.load(new ConfigRequest(directory, null, Map.of(), null, null, false))
                        .sources())
                .isEqualTo("the defaults, as there is no " + file);
        assertThat(load().sources()).as("written").isEqualTo(file.toString());
        file("[general]\nlog_level = \"Debug\"\n[clients]\nchannel_capacity = 7\n");
        file(".env", "VOLTLANE_LOG_LEVEL=warn\n");
        assertThat(ConfigLoader.load(new ConfigRequest(
                                directory,
                                null,
                                Map.of("VOLTLANE_MASTER_ADDRESS", "192.0.2.1:5"),
                                Address.parse("127.0.0.1:0"),
                                null,
                                true))
                        .sources())
                .isEqualTo(file + ", overridden by .env:1: VOLTLANE_LOG_LEVEL, --listen, VOLTLANE_MASTER_ADDRESS");
    }

    @Test
    void aCheckWritesNothing() throws Exception {
        LoadedConfig loaded = ConfigLoader.load(new ConfigRequest(directory, null, Map.of(), null, null, false));

        assertThat(loaded.notes()).containsExactly("connserver.toml is not there: the defaults hold");
        assertThat(filesInDirectory()).isEmpty();
    }

    @Test
    void nothingIsWrittenWhileSomethingIsWrong() throws Exception {
        errors(Map.of("VOLTLANE_LOG_LEVEL", "x"));

        assertThat(filesInDirectory()).isEmpty();
    }

    @Test
    void aDefaultFileThatCanNotBeWrittenIsAWarning() throws Exception {
        Path full = Path.of("/proc/self");
        assumeTrue(Files.isDirectory(full), "Linux");

        LoadedConfig loaded = ConfigLoader.load(new ConfigRequest(full, null, Map.of(), null, null, true));

        assertThat(loaded.warnings())
                .singleElement()
                .asString()
                .startsWith("connserver.toml can't be written, the defaults hold: ");
        assertThat(loaded.config()).isEqualTo(ServerConfig.defaults());
    }

    @Test
    void aFileThatCameUpMeanwhileIsNotOverwritten() throws Exception {
        file("mine");

        String failure = ConfigFiles.writeTemplate(directory.resolve("connserver.toml"));

        assertThat(failure).isEqualTo("something is in its place");
        assertThat(Files.readString(directory.resolve("connserver.toml"))).isEqualTo("mine");
        assertThat(filesInDirectory()).containsExactly("connserver.toml");
    }

    @Test
    void aNamedFileMustBeThere() {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(Path.of("conf", "mine.toml")));

        assertThat(e.lines()).containsExactly(Path.of("conf", "mine.toml") + ": no such file");
        assertThat(e.getStackTrace()).isEmpty();
    }

    @Test
    void aNamedFileIsReadInPlaceOfTheDefaultOne() throws Exception {
        file("[clients]\nchannel_capacity = 0\n");
        file("mine.toml", "[clients]\nchannel_capacity = 9\n");

        assertThat(load(Path.of("mine.toml")).config().clients().channelCapacity())
                .isEqualTo(9);
        assertThat(load(directory.resolve("mine.toml")).config().clients().channelCapacity())
                .isEqualTo(9);
    }

    @Test
    void aFileThatCanNotBeReadIsOneClearLine() throws Exception {
        Files.createDirectory(directory.resolve("connserver.toml"));
        Files.createDirectory(directory.resolve(".env"));

        assertThat(errors(Map.of()))
                .singleElement()
                .asString()
                .startsWith("connserver.toml: can't be read: ")
                .doesNotContain("Exception");
    }

    @Test
    void bytesThatAreNoTextAreToldByLine() throws Exception {
        Files.write(directory.resolve("connserver.toml"), new byte[] {'#', '\n', '#', '\n', '#', (byte) 0xFF, '\n'});

        assertThat(errors(Map.of())).containsExactly("connserver.toml:3: not UTF-8 text");
    }

    @Test
    void aByteOrderMarkAndWindowsLinesAreFine() throws Exception {
        file("\uFEFF[clients]\r\nchannel_capacity = 9\r\n");
        file(".env", "\uFEFFVOLTLANE_CLIENTS_MAX_STALE_CLIENTS=8\r\n");

        Clients clients = load().config().clients();
        assertThat(clients.channelCapacity()).isEqualTo(9);
        assertThat(clients.maxStaleClients()).isEqualTo(8);
    }
}
