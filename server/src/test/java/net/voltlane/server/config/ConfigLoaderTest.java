package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.guard.ResumeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    @TempDir
    Path directory;

    @Test
    void aFileWithTheExistingKeysAloneIsComplete() throws Exception {
        file("""
                [general]
                log_level = "Debug"

                [listener]
                address = "0.0.0.0:1"

                [master]
                address = "test.example.com:6969"
                channel_capacity = 2

                [clients]
                channel_capacity = 3
                stale_timeout_secs = 4
                max_stale_clients = 5
                stale_reap_interval_secs = 6
                missed_packets_buffer_size = 7
                """);

        ServerConfig config = load().config();

        ServerConfig defaults = ServerConfig.defaults();
        assertThat(config)
                .isEqualTo(defaults.withGeneral(
                                defaults.general().withLogLevel(LogLevel.DEBUG).withLogFormat(LogFormat.TEXT))
                        .withListener(defaults.listener().withAddress(new Address("0.0.0.0", 1)))
                        .withMaster(defaults.master()
                                .withAddress(new Address("test.example.com", 6969))
                                .withChannelCapacity(2))
                        .withClients(defaults.clients()
                                .withChannelCapacity(3)
                                .withChannelCapacityBytes(16L << 20)
                                .withStaleTimeoutSecs(4)
                                .withMaxStaleClients(5)
                                .withStaleReapIntervalSecs(6)
                                .withMissedPacketsBufferSize(7)
                                .withMissedPacketsBufferBytes(16L << 20)
                                .withOverflow(Overflow.FAIL)));
    }

    @Test
    void everyNewKeyIsRead() throws Exception {
        file("""
                general.log_format = "json"
                [listener]
                max_frame_size = 1
                handshake_timeout_secs = 2
                key_file = ""
                threads = 3
                transport = "io_uring"
                proxy_protocol = "on"
                peer_timeout_secs = 8
                [master]
                peer_timeout_secs = 9
                reconnect_timeout_secs = 0
                channel_capacity_bytes = 4
                [clients]
                overflow = "block"
                channel_capacity_bytes = 5
                missed_packets_buffer_bytes = 6
                [limits]
                max_buffered_bytes = 7
                trusted_proxies = ["10.0.0.0/8", "::1"]
                """);

        ServerConfig config = load().config();

        assertThat(config.general().logFormat()).isEqualTo(LogFormat.JSON);
        assertThat(config.listener())
                .isEqualTo(ServerConfig.defaults()
                        .listener()
                        .withAddress(new Address("127.0.0.1", 42000))
                        .withMaxFrameSize(1)
                        .withHandshakeTimeoutSecs(2)
                        .withKeyFile("")
                        .withThreads(3)
                        .withTransport(TransportKind.IO_URING)
                        .withProxyProtocol(ProxyProtocol.ON)
                        .withPeerTimeoutSecs(8));
        assertThat(config.listener().keyFileRequired()).isFalse();
        assertThat(config.master())
                .isEqualTo(ServerConfig.defaults()
                        .master()
                        .withAddress(new Address("127.0.0.1", 42001))
                        .withChannelCapacity(32768)
                        .withChannelCapacityBytes(4)
                        .withReconnectTimeoutSecs(0)
                        .withPeerTimeoutSecs(9));
        assertThat(config.clients())
                .isEqualTo(ServerConfig.defaults()
                        .clients()
                        .withChannelCapacity(8192)
                        .withChannelCapacityBytes(5)
                        .withStaleTimeoutSecs(300)
                        .withMaxStaleClients(65535)
                        .withStaleReapIntervalSecs(15)
                        .withMissedPacketsBufferSize(0)
                        .withMissedPacketsBufferBytes(6)
                        .withOverflow(Overflow.BLOCK));
        assertThat(config.limits())
                .isEqualTo(ServerConfig.defaults()
                        .limits()
                        .withMaxBufferedBytes(7)
                        .withTrustedProxies(networks("10.0.0.0/8", "::1")));
    }

    @Test
    void wordsSayWhatNumbersMeanInDifferentWays() throws Exception {
        file("""
                [listener]
                threads = "auto"
                peer_timeout_secs = "never"
                [master]
                reconnect_timeout_secs = "never"
                peer_timeout_secs = "never"
                channel_capacity = "unlimited"
                [clients]
                stale_timeout_secs = "Never"
                max_stale_clients = "unlimited"
                missed_packets_buffer_size = "unlimited"
                [limits]
                max_buffered_bytes = "auto"
                max_clients = "unlimited"
                idle_timeout_secs = "never"
                ban_secs = "off"
                """);

        LoadedConfig loaded = load();
        ServerConfig config = loaded.config();

        assertThat(config.master().reconnectTimeoutSecs()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.master().peerTimeoutSecs()).isZero();
        assertThat(config.master().channelCapacity()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.listener().threads()).isZero();
        assertThat(config.listener().peerTimeoutSecs()).isZero();
        assertThat(config.clients().staleTimeoutSecs()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.clients().maxStaleClients()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.clients().missedPacketsBufferSize()).isEqualTo(Long.MAX_VALUE);
        assertThat(config.limits().maxBufferedBytes()).isZero();
        assertThat(config.limits().guard().connections().total()).isZero();
        assertThat(config.limits().guard().rates().idleTimeoutSecs()).isZero();
        assertThat(config.limits().guard().resumes().banSecs()).isZero();
        assertThat(loaded.printed())
                .contains("reconnect_timeout_secs = \"never\"")
                .contains("max_stale_clients = \"unlimited\"");
    }

    @Test
    void aBackendThatIsAwayForEverIsAskedForByAVariableToo() throws Exception {
        LoadedConfig loaded = load(Map.of("VOLTLANE_MASTER_RECONNECT_TIMEOUT_SECS", "never"));
        assertThat(loaded.config().master().reconnectTimeoutSecs()).isEqualTo(Long.MAX_VALUE);
        assertThat(errors(Map.of("VOLTLANE_MASTER_RECONNECT_TIMEOUT_SECS", "always")))
                .containsExactly("VOLTLANE_MASTER_RECONNECT_TIMEOUT_SECS: always"
                        + " (expected: a whole number, at least 0, or \"never\")");
    }

    private static CidrSet networks(String... entries) {
        CidrSet set = CidrSet.of(List.of(entries));
        assertThat(set).isNotNull();
        return set;
    }

    @Test
    void proxiesThatNobodyTrustsAreAMistake() throws Exception {
        file("listener.proxy_protocol = 'on'");

        assertThat(errors(Map.of()))
                .containsExactly("limits.trusted_proxies: [] (expected: the proxies' addresses, since"
                        + " listener.proxy_protocol is on)");
    }

    @Test
    void trustedProxiesWithoutTheProtocolAreWarnedOf() throws Exception {
        file("[limits]\ntrusted_proxies = [\"10.0.0.0/8\"]");
        assertThat(load(Map.of()).warnings())
                .containsExactly(
                        "limits.trusted_proxies is set, but listener.proxy_protocol is off: what comes through a"
                                + " proxy counts as the proxy's own");
    }

    @Test
    void limitsOnStrangersAreReadIntoOneRecord() throws Exception {
        file("""
                [limits]
                max_clients = 1
                max_clients_per_ip = 2
                max_clients_per_subnet = 3
                max_stale_clients_per_ip = 12
                connects_per_sec = 4
                connects_per_sec_per_ip = 5
                max_pending_handshakes = 6
                max_pending_handshakes_per_ip = 13
                packets_per_sec_per_client = 7
                bytes_per_sec_per_client = 8
                rate_policy = "kick"
                idle_timeout_secs = 9
                failed_resumes_per_min_per_ip = 10
                ban_secs = 11
                allow = ["10.0.0.0/8", "2001:db8::/32"]
                deny = ["10.0.0.7"]
                trusted_proxies = []
                """);

        LimitsConfig limits = load(Map.of("VOLTLANE_LIMITS_TRUSTED_PROXIES", "127.0.0.1, ::1"))
                .config()
                .limits();

        assertThat(limits.guard())
                .isEqualTo(new GuardLimits(
                        new ConnectionLimits(1, 2, 3, 4, 5, 6, 13),
                        new RateLimits(7, 8, RatePolicy.KICK, 9),
                        new ResumeLimits(10, 11),
                        CidrSet.of(List.of("10.0.0.0/8", "2001:db8::/32")),
                        CidrSet.of(List.of("10.0.0.7"))));
        assertThat(limits.maxStaleClientsPerIp()).isEqualTo(12);
        assertThat(limits.trustedProxies()).isEqualTo(CidrSet.of(List.of("127.0.0.1", "::1")));
    }

    private static final String EXPECTED_NETWORKS = " (expected: a list of addresses or networks, such as"
            + " [\"192.0.2.7\", \"10.0.0.0/8\", \"2001:db8::/32\"]; in a variable with commas between, or [] for none)";

    @ParameterizedTest
    @ValueSource(strings = {"ALLOW", "DENY", "TRUSTED_PROXIES"})
    void aVariableThatExpandedToNothingOpensNothing(String list) throws Exception {
        String variable = "VOLTLANE_LIMITS_" + list;
        String path = "limits." + list.toLowerCase(Locale.ROOT);
        file(path + " = [\"10.0.0.0/8\"]");

        assertThat(errors(Map.of(variable, ""))).containsExactly(variable + ": \"\"" + EXPECTED_NETWORKS);
        assertThat(errors(Map.of(variable, " "))).containsExactly(variable + ": \" \"" + EXPECTED_NETWORKS);
    }

    @Test
    void thatAListHasNoEntriesIsSaidByAPairOfBrackets() throws Exception {
        file("limits.allow = [\"10.0.0.0/8\"]");

        LoadedConfig loaded = load(Map.of("VOLTLANE_LIMITS_ALLOW", " [ ] "));

        assertThat(loaded.config().limits().guard().allow().isEmpty()).isTrue();
        assertThat(loaded.printed()).containsPattern("allow = \\[\\] +# VOLTLANE_LIMITS_ALLOW");
    }

    @Test
    void inAFileNoEntriesAllowEverybody() throws Exception {
        file("limits.allow = []"); // as the file that the server writes itself says

        assertThat(load().config().limits().guard())
                .isEqualTo(ServerConfig.defaults().limits().guard());
    }

    @Test
    void aListOfNetworksNamesWhatIsWrongInIt() throws Exception {
        file("""
                [limits]
                deny = ["10.0.0.0/8", "10.0.0.0/33", "localhost", 7]
                allow = "10.0.0.0/8"
                trusted_proxies = [""]
                """);

        assertThat(errors(Map.of("VOLTLANE_LIMITS_ALLOW", "10.0.0.0/8,,::1")))
                .containsExactly(
                        "connserver.toml:2: limits.deny: 10.0.0.0/33, localhost, 7" + EXPECTED_NETWORKS,
                        "connserver.toml:3: limits.allow: 10.0.0.0/8" + EXPECTED_NETWORKS,
                        "connserver.toml:4: limits.trusted_proxies: \"\"" + EXPECTED_NETWORKS,
                        "VOLTLANE_LIMITS_ALLOW: \"\"" + EXPECTED_NETWORKS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Off", "off", "OFF", "oFf"})
    void aLogLevelIsReadInAnyCase(String text) throws Exception {
        file("general.log_level = \"" + text + "\"");

        assertThat(load().config().general().logLevel()).isEqualTo(LogLevel.OFF);
    }

    @Test
    void everyMistakeIsToldAtOnceAndByLine() throws Exception {
        file("""
                [general]
                log_level = "Loud"
                log_format = 5

                [listener]
                adress = "127.0.0.1:1"
                address = "127.0.0.1"
                max_frame_size = 1073741825

                [clients]
                channel_capacity = 0
                stale_timeout_secs = "300"
                stale_reap_interval_secs = 1.5
                max_stale_clients = -1
                overflow = ["fail"]
                this is no TOML
                """);
        file(".env", "VOLTLANE_LISTENER_THREADS=many\nVOLTLANE_NONSENSE\n");

        List<String> errors = errors(Map.of("VOLTLANE_MASTER_ADDRESS", "127.0.0.1:0"));

        assertThat(errors)
                .containsExactly(
                        "connserver.toml:2: general.log_level: Loud (expected: one of Off, Error, Warn, Info, Debug, Trace)",
                        "connserver.toml:3: general.log_format: 5 (expected: one of text, json)",
                        "connserver.toml:6: listener.adress: unknown key (expected: listener.address)",
                        "connserver.toml:7: listener.address: 127.0.0.1 (expected: host:port, such as 127.0.0.1:42000"
                                + " or [::1]:42000, the port from 0 to 65535)",
                        "connserver.toml:8: listener.max_frame_size: 1073741825"
                                + " (expected: a whole number from 1 to 1073741824)",
                        "connserver.toml:11: clients.channel_capacity: 0 (expected: a whole number, at least 1, or \"unlimited\")",
                        "connserver.toml:12: clients.stale_timeout_secs: \"300\" (expected: a whole number, at least 0,"
                                + " or \"never\")",
                        "connserver.toml:13: clients.stale_reap_interval_secs: 1.5"
                                + " (expected: a whole number, at least 1)",
                        "connserver.toml:14: clients.max_stale_clients: -1 (expected: a whole number, at least 0,"
                                + " or \"unlimited\")",
                        "connserver.toml:15: clients.overflow: a list (expected: one of fail, block)",
                        "connserver.toml:16: Unexpected 'is', expected . or =",
                        ".env:1: VOLTLANE_LISTENER_THREADS: many (expected: a whole number from 0 to 1024,"
                                + " or \"auto\")",
                        ".env:2: not understood (expected: NAME=value)",
                        "VOLTLANE_MASTER_ADDRESS: 127.0.0.1:0 (expected: host:port, such as 127.0.0.1:42000 or"
                                + " [::1]:42000, the port from 1 to 65535)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[clients]\\nchanel_capacity = 1 | 2: clients.chanel_capacity: unknown key (expected: clients.channel_capacity)",
                "[clients]\\nstale-timeout-secs = 1 | 2: clients.stale-timeout-secs: unknown key (expected: clients.stale_timeout_secs)",
                "[clients]\\nthreads = 1 | 2: clients.threads: unknown key (expected: listener.threads)",
                "[master]\\nwhatever = 1 | 2: master.whatever: unknown key (expected: one of address, channel_capacity,"
                        + " channel_capacity_bytes, reconnect_timeout_secs, peer_timeout_secs)",
                "log_level = 'Info' | 1: log_level: unknown key (expected: general.log_level)",
                "loglevel = 'Info' | 1: loglevel: unknown key (expected: general.log_level)",
                "[client]\\nchannel_capacity = 1 | 1: client: unknown section (expected: clients)",
                "[zzzzzz]\\na = 1 | 1: zzzzzz: unknown section (expected: one of general, listener, master, clients, limits)",
                "general = 1 | 1: general: 1 (expected: a section [general])",
                "[[general]]\\nlog_level = 'Info' | 1: general: a list (expected: a section [general])",
                "[general.log_level]\\na = 1 | 1: general.log_level: a table (expected: one of Off, Error, Warn, Info,"
                        + " Debug, Trace)",
            })
    void whatIsUnknownIsAnErrorThatSaysWhatWasMeant(String text, String error) throws Exception {
        file(text.replace("\\n", "\n"));

        assertThat(errors(Map.of())).containsExactly("connserver.toml:" + error);
    }

    @Test
    void keysOfAMisspeltSectionAreCheckedAsWell() throws Exception {
        file("[client]\nchannel_capacity = 0\n");

        assertThat(errors(Map.of()))
                .containsExactly(
                        "connserver.toml:1: client: unknown section (expected: clients)",
                        "connserver.toml:2: clients.channel_capacity: 0 (expected: a whole number, at least 1, or \"unlimited\")");
    }

    @Test
    void keysBelowABrokenHeaderAreNotBlamed() throws Exception {
        file("[general]\nlog_level = 'Info'\n[mas ter]\nchannel_capacity = 5\n[clients]\nfoo = 1\n");

        assertThat(errors(Map.of()))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("connserver.toml:3: "),
                        second -> assertThat(second).startsWith("connserver.toml:6: clients.foo: unknown key"));
    }

    @Test
    void numbersUpToTheLargestThatTomlKnowsAreCounts() throws Exception {
        file("[clients]\nmax_stale_clients = 9223372036854775807\nstale_timeout_secs = 9223372036854775807\n");

        assertThat(load().config().clients().maxStaleClients()).isEqualTo(Long.MAX_VALUE);
    }

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
        assertThat(config.listener().address()).isEqualTo(new Address("d", 4));
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
    void anUnknownVariableIsAWarningThatSaysWhatWasMeant() throws Exception {
        file(".env", "VOLTLANE_LISTENER_ADRESS=secret\nOTHER=1\nVOLTLANE_JAVA_HOME=/x\n");

        LoadedConfig loaded = load(Map.of(
                "VOLTLANE_GENERAL_LOG_LEVEL", "secret",
                "VOLTLANE_JAVA_HOME", "x",
                "VOLTLANE_JAVA_OPTS", "x",
                "VOLTLANE_LOG_FORMAT", "secret",
                "VOLTLANE_SOMETHING_ELSE_ALTOGETHER", "secret",
                "PATH", "x"));

        assertThat(loaded.warnings())
                .containsExactly(
                        ".env:1: VOLTLANE_LISTENER_ADRESS: unknown variable, ignored"
                                + " (did you mean VOLTLANE_LISTENER_ADDRESS?)",
                        ".env:3: VOLTLANE_JAVA_HOME has no effect here: the launcher reads it from the environment",
                        "VOLTLANE_GENERAL_LOG_LEVEL: unknown variable, ignored (did you mean VOLTLANE_LOG_LEVEL?)",
                        "VOLTLANE_LOG_FORMAT: unknown variable, ignored (did you mean VOLTLANE_GENERAL_LOG_FORMAT?)",
                        "VOLTLANE_SOMETHING_ELSE_ALTOGETHER: unknown variable, ignored");
        assertThat(loaded.config()).isEqualTo(ServerConfig.defaults());
    }

    @Test
    void anEmptyVariableIsAValueLikeAnyOther() throws Exception {
        assertThat(load(Map.of("VOLTLANE_LISTENER_KEY_FILE", ""))
                        .config()
                        .listener()
                        .keyFile())
                .isEmpty();
        assertThat(errors(Map.of("VOLTLANE_CLIENTS_OVERFLOW", "")))
                .containsExactly("VOLTLANE_CLIENTS_OVERFLOW: \"\" (expected: one of fail, block)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1", "1.0", "1e3", "0x10", "\u0661", "99999999999999999999", "1 2", "-1"})
    void aVariableWithWhatIsNoCountIsRefused(String text) throws Exception {
        assertThat(errors(Map.of("VOLTLANE_MASTER_CHANNEL_CAPACITY", text))).hasSize(1);
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

    @Test
    void aLongOrUnprintableValueDoesNotFloodTheTerminal() throws Exception {
        file("[general]\nlog_level = \"\\u001b[31m" + "x".repeat(500) + "\"\n");

        assertThat(errors(Map.of()))
                .singleElement()
                .asString()
                .startsWith("connserver.toml:2: general.log_level: \"\\u001b[31mxx")
                .hasSizeLessThan(200);
    }

    @Test
    void whatWouldBreakALineOrHideTextIsShownEscaped() throws Exception {
        file("[\"a\\nb\"]\nc = 1\n[listener]\n\"d\\u2028\\u202ee\" = 1\n");

        assertThat(errors(Map.of()))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("connserver.toml:1: \"a\\nb\": unknown section"),
                        line -> assertThat(line)
                                .startsWith("connserver.toml:4: \"listener.d\\u2028\\u202ee\": unknown key"));
    }

    @Test
    void whatTheParserQuotesIsShownEscaped() throws Exception {
        file("a = \"\\\0\"");

        assertThat(errors(Map.of())).contains("connserver.toml:1: Invalid escape sequence '\\\\u0000'");
    }

    /** The parser's own assertions fail at this; tests run with them, an operator's server does not. */
    @Test
    void whatTheParserTripsOverIsAnErrorLikeAnyOther() throws Exception {
        file("[c#\0");

        assertThat(errors(Map.of())).isNotEmpty().allMatch(line -> line.startsWith("connserver.toml"));
    }

    private LoadedConfig load() throws ConfigException {
        return load(Map.of());
    }

    private LoadedConfig load(Map<String, String> environment) throws ConfigException {
        return ConfigLoader.load(new ConfigRequest(directory, null, environment, null, null, true));
    }

    private LoadedConfig load(Path file) throws ConfigException {
        return ConfigLoader.load(new ConfigRequest(directory, file, Map.of(), null, null, true));
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
