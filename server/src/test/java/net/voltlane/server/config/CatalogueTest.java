package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        assertThat(Catalogue.ALL)
                .filteredOn(key -> !CatalogueText.isOfTables(key))
                .allSatisfy(key -> assertThat(settings.origin(key)).startsWith("template:"));
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
        assertThat(Catalogue.ALL).allSatisfy(CatalogueTest::defaultIsValid);
    }

    @Test
    void noTwoKeysShareAPathOrAVariable() {
        assertThat(Catalogue.ALL).extracting(Key::path).doesNotHaveDuplicates();
        assertThat(Catalogue.ALL).extracting(Key::variable).doesNotHaveDuplicates();
    }

    @Test
    void keysOfASectionStandTogether() {
        Map<String, Integer> starts = new HashMap<>();
        String section = "";
        for (Key<?> key : Catalogue.ALL) {
            if (!key.section().equals(section)) {
                section = key.section();
                starts.merge(section, 1, Integer::sum);
            }
        }

        assertThat(starts.values()).containsOnly(1);
    }

    @Test
    void defaultsAreThoseThatExistingInstallationsRelyOn() {
        ServerConfig defaults = ServerConfig.defaults();
        assertThat(defaults.general())
                .extracting(General::logLevel, General::logFormat, General::drainTimeoutSecs)
                .containsExactly(LogLevel.INFO, LogFormat.TEXT, 5);
        assertThat(defaults.admin())
                .extracting(Admin::address, Admin::tokenFile, Admin::tokenFileRequired)
                .containsExactly(Optional.of(new Address("127.0.0.1", 42002)), "admin.token", false);
        assertThat(defaults.log().sessions()).isFalse();
        assertThat(defaults.listener())
                .extracting(
                        Listener::address,
                        Listener::maxFrameSize,
                        Listener::handshakeTimeoutSecs,
                        Listener::keyFile,
                        Listener::threads,
                        Listener::transport,
                        Listener::proxyProtocol,
                        Listener::peerTimeoutSecs,
                        Listener::keyFileRequired)
                .containsExactly(
                        Optional.of(new Address("127.0.0.1", 42000)),
                        8_388_599,
                        10,
                        "connserver.key",
                        0,
                        TransportKind.AUTO,
                        ProxyProtocol.OFF,
                        20,
                        false);
        assertThat(defaults.master())
                .extracting(
                        Master::address,
                        Master::protocol,
                        Master::announce,
                        Master::channelCapacity,
                        Master::channelCapacityBytes,
                        Master::reconnectTimeoutSecs,
                        Master::peerTimeoutSecs)
                .containsExactly(new Address("127.0.0.1", 42001), 2, Announce.OPEN, 32_768L, 67_108_864L, 30L, 20);
        assertThat(defaults.clients())
                .extracting(
                        Clients::channelCapacity,
                        Clients::channelCapacityBytes,
                        Clients::staleTimeoutSecs,
                        Clients::maxStaleClients,
                        Clients::staleReapIntervalSecs,
                        Clients::missedPacketsBufferSize,
                        Clients::missedPacketsBufferBytes,
                        Clients::overflow)
                .containsExactly(8192L, 16_777_216L, 300L, 65_535L, 15L, 0L, 16_777_216L, Overflow.FAIL);
        assertThat(defaults.limits())
                .extracting(
                        LimitsConfig::maxBufferedBytes,
                        LimitsConfig::maxStaleClientsPerIp,
                        LimitsConfig::guard,
                        LimitsConfig::trustedProxies)
                .containsExactly(
                        0L,
                        0L,
                        GuardLimits.OFF
                                .withConnections(ConnectionLimits.OFF
                                        .withHandshakes(32_768)
                                        .withHandshakesPerIp(2_048))
                                .withResumes(new ResumeLimits(0, 60)),
                        CidrSet.EMPTY);
    }

    @Test
    void bothVersionsAreServedByDefault() {
        assertThat(ServerConfig.defaults().clients())
                .extracting(
                        Clients::versions,
                        Clients::heartbeatMinSecs,
                        Clients::heartbeatDefaultSecs,
                        Clients::heartbeatMaxSecs,
                        Clients::unacknowledgedCapacity,
                        Clients::unacknowledgedCapacityBytes)
                .containsExactly(List.of(2, 3), 5, 20, 300, 8192L, 16_777_216L);
    }

    @Test
    void theNineExistingVariablesKeepTheirNames() {
        assertThat(Catalogue.ALL)
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
        assertThat(Listener.MAX_FRAME_SIZE.variable()).isEqualTo("VOLTLANE_LISTENER_MAX_FRAME_SIZE");
    }

    /** A key cannot be changed by a record that does not know it, nor be read where it was never set. */
    @Test
    void theKeysAreThoseOfTheSections() {
        assertThat(Catalogue.ALL)
                .extracting(Key::section)
                .containsOnly(
                        "general",
                        "server",
                        "listener",
                        "tls",
                        "websocket",
                        "master",
                        "clients",
                        "limits",
                        "store",
                        "admin",
                        "log");
        assertThat(Catalogue.ALL).hasSize(79);
    }

    private static <T> void defaultIsValid(Key<T> key) {
        String toml = CatalogueText.defaultAsToml(key);
        String text = toml.startsWith("\"") ? toml.substring(1, toml.length() - 1) : toml;
        assertThat(key.type().ofText(text)).isEqualTo(key.defaultValue());
    }
}
