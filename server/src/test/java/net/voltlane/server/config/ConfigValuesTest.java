package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigValuesTest extends ConfigCase {
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
    void theBoundsOfVersion3AreRead() throws Exception {
        file("""
                [clients]
                unacknowledged_capacity = 8
                unacknowledged_capacity_bytes = "unlimited"
                """);

        assertThat(load().config().clients())
                .isEqualTo(ServerConfig.defaults()
                        .clients()
                        .withUnacknowledgedCapacity(8)
                        .withUnacknowledgedCapacityBytes(Long.MAX_VALUE));
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
                versions = [3]
                heartbeat_min_secs = 1
                heartbeat_default_secs = 10
                heartbeat_max_secs = 65535
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
                        .withVersions(List.of(3))
                        .withHeartbeatMinSecs(1)
                        .withHeartbeatDefaultSecs(10)
                        .withHeartbeatMaxSecs(65_535)
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

    @ParameterizedTest
    @ValueSource(strings = {"Off", "off", "OFF", "oFf"})
    void aLogLevelIsReadInAnyCase(String text) throws Exception {
        file("general.log_level = \"" + text + "\"");

        assertThat(load().config().general().logLevel()).isEqualTo(LogLevel.OFF);
    }

    @Test
    void numbersUpToTheLargestThatTomlKnowsAreCounts() throws Exception {
        file("[clients]\nmax_stale_clients = 9223372036854775807\nstale_timeout_secs = 9223372036854775807\n");

        assertThat(load().config().clients().maxStaleClients()).isEqualTo(Long.MAX_VALUE);
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
}
