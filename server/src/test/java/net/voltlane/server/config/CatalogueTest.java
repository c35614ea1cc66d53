package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.ResumeLimits;
import org.junit.jupiter.api.Test;

/** The catalogue is the source; what shows it to people must show the same. Tests run in the module's folder. */
class CatalogueTest {

    private static final Path TEMPLATE =
            Path.of("src", "main", "resources", "net", "voltlane", "server", "config", "connserver.toml");
    private static final Path DOCUMENT = Path.of("..", "docs", "CONFIGURATION.md");

    @Test
    void theTemplateShowsTheCatalogue() throws IOException {
        CatalogueText.writeIfAsked(TEMPLATE, CatalogueText.template());

        assertThat(Files.readString(TEMPLATE)).isEqualTo(CatalogueText.template());
    }

    @Test
    void theTemplateSetsEveryKeyToItsDefault() {
        Settings settings = new Settings();
        Problems problems = new Problems();

        TomlSource.read("template", CatalogueText.template(), Path.of(""), settings, problems);

        assertThat(problems.errors()).isEmpty();
        assertThat(settings.toConfig()).isEqualTo(ServerConfig.defaults());
        assertThat(Key.ALL).allSatisfy(key -> assertThat(settings.origin(key)).startsWith("template:"));
    }

    @Test
    void theDocumentShowsTheCatalogue() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(CatalogueText.TABLE_BEGIN);
        int end = document.indexOf(CatalogueText.TABLE_END) + CatalogueText.TABLE_END.length();
        CatalogueText.writeIfAsked(
                DOCUMENT, document.substring(0, begin) + CatalogueText.table() + document.substring(end));

        assertThat(Files.readString(DOCUMENT)).contains(CatalogueText.table());
    }

    @Test
    void everyDefaultIsAValueOfItsType() {
        assertThat(Key.ALL).allSatisfy(CatalogueTest::defaultIsValid);
    }

    @Test
    void noTwoKeysShareAPathOrAVariable() {
        assertThat(Key.ALL).extracting(Key::path).doesNotHaveDuplicates();
        assertThat(Key.ALL).extracting(Key::variable).doesNotHaveDuplicates();
    }

    @Test
    void keysOfASectionStandTogether() {
        Map<String, Integer> starts = new HashMap<>();
        String section = "";
        for (Key<?> key : Key.ALL) {
            if (!key.section().equals(section)) {
                section = key.section();
                starts.merge(section, 1, Integer::sum);
            }
        }

        assertThat(starts.values()).containsOnly(1);
    }

    @Test
    void defaultsAreThoseThatExistingInstallationsRelyOn() {
        assertThat(ServerConfig.defaults())
                .isEqualTo(new ServerConfig(
                        new General(LogLevel.INFO, LogFormat.TEXT),
                        new Listener(
                                new Address("127.0.0.1", 42000),
                                8_388_599,
                                10,
                                "connserver.key",
                                0,
                                TransportKind.AUTO,
                                ProxyProtocol.OFF,
                                20,
                                false),
                        new Master(new Address("127.0.0.1", 42001), 32_768, 67_108_864, 30, 20),
                        new Clients(8192, 16_777_216, 300, 65_535, 15, 0, 16_777_216, Overflow.FAIL),
                        new LimitsConfig(
                                0,
                                0,
                                GuardLimits.OFF
                                        .withConnections(ConnectionLimits.OFF
                                                .withHandshakes(32_768)
                                                .withHandshakesPerIp(2_048))
                                        .withResumes(new ResumeLimits(0, 60)),
                                CidrSet.EMPTY)));
    }

    @Test
    void theNineExistingVariablesKeepTheirNames() {
        assertThat(Key.ALL)
                .extracting(Key::variable)
                .contains(
                        "VOLTLANE_LOG_LEVEL",
                        "VOLTLANE_MASTER_ADDRESS",
                        "VOLTLANE_LISTENER_ADDRESS",
                        "VOLTLANE_MASTER_CHANNEL_CAPACITY",
                        "VOLTLANE_CLIENTS_CHANNEL_CAPACITY",
                        "VOLTLANE_CLIENTS_STALE_TIMEOUT_SECS",
                        "VOLTLANE_CLIENTS_MAX_STALE_CLIENTS",
                        "VOLTLANE_CLIENTS_STALE_REAP_INTERVAL_SECS",
                        "VOLTLANE_CLIENTS_MISSED_PACKETS_BUFFER_SIZE");
        assertThat(Key.MAX_FRAME_SIZE.variable()).isEqualTo("VOLTLANE_LISTENER_MAX_FRAME_SIZE");
    }

    private static <T> void defaultIsValid(Key<T> key) {
        String toml = CatalogueText.defaultAsToml(key);
        String text = toml.startsWith("\"") ? toml.substring(1, toml.length() - 1) : toml;
        assertThat(key.type().ofText(text)).isEqualTo(key.defaultValue());
    }
}
