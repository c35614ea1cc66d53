package net.voltlane.server;

import static net.voltlane.server.ReloadStage.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import net.voltlane.protocol.Reason;
import net.voltlane.server.config.CatalogueDoors;
import net.voltlane.server.config.Clients;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.LimitsConfig;
import net.voltlane.server.config.Listener;
import net.voltlane.server.config.Master;
import net.voltlane.server.config.Overflow;
import net.voltlane.server.config.ProxyProtocol;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.Tls;
import net.voltlane.server.config.TlsVersion;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Sessions;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each setting that the catalogue calls reloadable takes effect on a running server. A key without a trial fails; those
 * of section {@code general} belong to the program that runs the server, and are tried there.
 */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ReloadTest {
    /** Changes the key, and sees what comes of it. */
    private interface Run {
        void on(ReloadStage it) throws Exception;
    }

    /** @param before the configuration at the start, where the defaults would not do */
    private record Trial(UnaryOperator<ServerConfig> before, Run run) {}

    private static final Map<String, Trial> TRIALS = new LinkedHashMap<>();
    private static final CidrSet LOOPBACK = CidrSet.of(List.of("127.0.0.0/8"));
    private static final CidrSet ELSEWHERE = CidrSet.of(List.of("192.0.2.0/24"));

    private static UnaryOperator<ServerConfig> listener(UnaryOperator<Listener> change) {
        return config -> config.withListener(change.apply(config.listener()));
    }

    private static UnaryOperator<ServerConfig> master(UnaryOperator<Master> change) {
        return config -> config.withMaster(change.apply(config.master()));
    }

    private static UnaryOperator<ServerConfig> clients(UnaryOperator<Clients> change) {
        return config -> config.withClients(change.apply(config.clients()));
    }

    private static UnaryOperator<ServerConfig> limits(UnaryOperator<LimitsConfig> change) {
        return config -> config.withLimits(change.apply(config.limits()));
    }

    private static void trial(String key, Run run) {
        trial(key, config -> config, run);
    }

    private static void trial(String key, UnaryOperator<ServerConfig> before, Run run) {
        TRIALS.put(key, new Trial(before, run));
    }

    static {
        trial("listener.max_frame_size", it -> {
            ScriptedClient old = it.open();
            it.reload(listener(l -> l.withMaxFrameSize(10)));
            byte[] large = new byte[50];
            old.send(large);
            assertThat(it.firehose.dataOf(old.id()))
                    .as("a link keeps what it began with")
                    .isEqualTo(large);
            ScriptedClient next = it.open();
            next.send(large);
            it.firehose.expectFailure(next.id(), Reason.FRAME_TOO_LARGE);
        });
        trial("listener.handshake_timeout_secs", listener(l -> l.withHandshakeTimeoutSecs(600)), it -> {
            it.reload(listener(l -> l.withHandshakeTimeoutSecs(1)));
            it.connect().readUntilClosed();
            it.awaitCount(Metric.REJECTED_TIMEOUT, 1);
        });
        trial("listener.proxy_protocol", limits(l -> l.withTrustedProxies(LOOPBACK)), it -> {
            it.open();
            it.reload(listener(l -> l.withProxyProtocol(ProxyProtocol.ON)));
            it.opensUntil(Metric.REJECTED_PROXY_MISSING);
        });
        trial("listener.peer_timeout_secs", it -> {
            it.reload(listener(l -> l.withPeerTimeoutSecs(100)));
            it.connect();
            it.awaitKeepaliveOfClient(200);
        });
        trial("limits.trusted_proxies", proxied(LOOPBACK), it -> {
            it.reload(limits(l -> l.withTrustedProxies(ELSEWHERE)));
            it.connectsUntil(Metric.REJECTED_PROXY_UNTRUSTED);
        });
        trial("master.channel_capacity", it -> {
            it.masterBehind();
            it.reload(master(m -> m.withChannelCapacity(1)));
            it.awaitCount(Metric.CLIENTS_HELD_BACK, 1);
        });
        trial("master.channel_capacity_bytes", it -> {
            it.masterBehind();
            it.reload(master(m -> m.withChannelCapacityBytes(1)));
            it.awaitCount(Metric.CLIENTS_HELD_BACK, 1);
        });
        trial("master.reconnect_timeout_secs", master(m -> m.withReconnectTimeoutSecs(Long.MAX_VALUE)), it -> {
            it.master.stopListening();
            it.firehose.cut();
            it.reload(master(m -> m.withReconnectTimeoutSecs(0)));
            assertThatThrownBy(() -> it.server.ended().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .hasMessageContaining("could not be reached");
        });
        trial("master.peer_timeout_secs", it -> {
            it.reload(master(m -> m.withPeerTimeoutSecs(100)));
            it.firehose.cut();
            it.firehose = it.master.accept();
            it.awaitKeepaliveOfMaster(200);
        });
        trial("log.sessions", it -> {
            try (Logged log = new Logged(Sessions.class, Level.INFO)) {
                it.endsSession();
                it.reload(config -> config.withLog(config.log().withSessions(true)));
                it.endsSession();
                await().atMost(LIMIT).until(() -> log.lines().size() == 1);
                assertThat(log.lines().get(0)).startsWith("INFO Session ").contains(" ended: Client kicked; ");
            }
        });
        clientQueues();
        absentClients();
        unacknowledgedPackets();
        connectionLimits();
        rates();
        certificates();
        masterCertificates();
    }

    private static void masterCertificates() {
        ReloadedMasterTls files = new ReloadedMasterTls();
        trial("master.ca", files::before, files::ca);
        trial("master.certificate", files::before, files::certificate);
        trial("master.key", files::before, files::key);
        trial("master.server_name", files::before, files::serverName);
    }

    private static void certificates() {
        ReloadedTls files = new ReloadedTls();
        trial("tls.certificate", files::first, it -> {
            assertThat(files.connect(it, "localhost").socket.getSession().getPeerCertificates())
                    .hasSize(2);
            it.reload(tls(t -> t.withCertificate(files.withoutChain())));
            assertThat(files.connect(it, "localhost").socket.getSession().getPeerCertificates())
                    .hasSize(1);
        });
        trial("tls.key", files::first, it -> {
            it.reload(tls(t -> t.withKey(files.missing())));
            it.awaitCount(Metric.TLS_RELOADS_FAILED, 1);
            files.connect(it, "localhost");
        });
        trial("tls.certificates", files::first, it -> {
            it.reload(tls(t -> t.withCertificates(files.others())));
            files.connect(it, "other.example");
        });
        trial("tls.client_ca", files::first, it -> {
            it.reload(tls(t -> t.withClientCa(files.authority())));
            assertThatThrownBy(() -> files.connect(it, "localhost").read()).isInstanceOf(IOException.class);
            it.awaitCount(Metric.REJECTED_TLS_CERTIFICATE, 1);
        });
        trial("tls.min_version", files::first, it -> {
            it.reload(tls(t -> t.withMinVersion(TlsVersion.TLS_1_3)));
            assertThatThrownBy(
                            () -> files.client(it, "localhost").only("TLSv1.2").handshake())
                    .isInstanceOf(IOException.class);
            it.awaitCount(Metric.REJECTED_TLS, 1);
        });
    }

    private static UnaryOperator<ServerConfig> tls(UnaryOperator<Tls> change) {
        return config -> config.withTls(change.apply(config.tls()));
    }

    private static UnaryOperator<ServerConfig> proxied(CidrSet proxies) {
        return config -> limits(l -> l.withTrustedProxies(proxies))
                .apply(listener(l -> l.withProxyProtocol(ProxyProtocol.ON)).apply(config));
    }

    private static void clientQueues() {
        UnaryOperator<ServerConfig> endless =
                clients(c -> c.withChannelCapacity(Long.MAX_VALUE).withChannelCapacityBytes(Long.MAX_VALUE));
        trial("clients.channel_capacity", endless, it -> {
            ScriptedClient client = it.behind();
            it.reload(clients(c -> c.withChannelCapacity(1)));
            it.firehose.send(client.id(), new byte[1]);
            it.firehose.expectFailure(client.id(), Reason.BUFFER_OVERFLOW);
        });
        trial("clients.channel_capacity_bytes", endless, it -> {
            ScriptedClient client = it.behind();
            it.reload(clients(c -> c.withChannelCapacityBytes(1)));
            it.firehose.send(client.id(), new byte[1]);
            it.firehose.expectFailure(client.id(), Reason.BUFFER_OVERFLOW);
        });
        trial(
                "clients.overflow",
                clients(c -> c.withChannelCapacityBytes(100_000).withOverflow(Overflow.BLOCK)),
                it -> {
                    ScriptedClient client = it.behind();
                    it.awaitCount(Metric.FIREHOSE_BLOCKED, 1);
                    it.reload(clients(c -> c.withOverflow(Overflow.FAIL)));
                    it.firehose.expectFailure(client.id(), Reason.BUFFER_OVERFLOW);
                });
        trial("limits.max_buffered_bytes", endless, it -> {
            ScriptedClient client = it.behind();
            it.reload(limits(l -> l.withMaxBufferedBytes(4 << 20)));
            it.firehose.expectFailure(client.id(), Reason.MEMORY_LIMIT);
        });
    }

    private static void unacknowledgedPackets() {
        trial("clients.unacknowledged_capacity", it -> {
            long id = it.openUnacknowledging();
            it.reload(clients(c -> c.withUnacknowledgedCapacity(1)));
            it.firehose.send(id, Bytes.utf8("one fits"));
            it.firehose.send(id, Bytes.utf8("two do not"));
            it.firehose.expectFailure(id, Reason.BUFFER_OVERFLOW);
        });
        trial("clients.unacknowledged_capacity_bytes", it -> {
            long id = it.openUnacknowledging();
            it.reload(clients(c -> c.withUnacknowledgedCapacityBytes(1)));
            it.firehose.send(id, Bytes.utf8("one always fits"));
            it.firehose.send(id, Bytes.utf8("two do not"));
            it.firehose.expectFailure(id, Reason.BUFFER_OVERFLOW);
        });
    }

    private static void absentClients() {
        UnaryOperator<ServerConfig> room = clients(c -> c.withMissedPacketsBufferSize(10));
        trial("clients.stale_timeout_secs", it -> {
            it.reload(clients(c -> c.withStaleTimeoutSecs(0)));
            it.firehose.expectFailure(it.away(), Reason.CLIENT_DISCONNECTED);
        });
        trial("clients.versions", it -> {
            it.reload(clients(c -> c.withVersions(List.of(2))));
            it.open();
            it.refusesVersion3();
        });
        UnaryOperator<ServerConfig> heartbeats = clients(
                c -> c.withHeartbeatMinSecs(10).withHeartbeatDefaultSecs(20).withHeartbeatMaxSecs(30));
        trial("clients.heartbeat_min_secs", heartbeats, it -> {
            it.reload(clients(c -> c.withHeartbeatMinSecs(2)));
            assertThat(it.heartbeatFor(1)).isEqualTo(2);
        });
        trial("clients.heartbeat_default_secs", heartbeats, it -> {
            it.reload(clients(c -> c.withHeartbeatDefaultSecs(11)));
            assertThat(it.heartbeatFor(0)).isEqualTo(11);
        });
        trial("clients.heartbeat_max_secs", heartbeats, it -> {
            it.reload(clients(c -> c.withHeartbeatMaxSecs(40)));
            assertThat(it.heartbeatFor(100)).isEqualTo(40);
        });
        trial("clients.max_stale_clients", it -> {
            long first = it.away();
            it.away();
            it.reload(clients(c -> c.withMaxStaleClients(1)));
            it.firehose.expectFailure(first, Reason.CLIENT_EVICTED);
        });
        trial(
                "clients.stale_reap_interval_secs",
                clients(c -> c.withStaleTimeoutSecs(1).withStaleReapIntervalSecs(3_600)),
                it -> {
                    long id = it.away();
                    it.reload(clients(c -> c.withStaleReapIntervalSecs(1)));
                    it.firehose.expectFailure(id, Reason.CLIENT_DISCONNECTED);
                });
        trial("clients.missed_packets_buffer_size", room, it -> {
            long id = it.away();
            it.reload(clients(c -> c.withMissedPacketsBufferSize(0)));
            it.firehose.send(id, Bytes.utf8("missed"));
            it.firehose.expectFailure(id, Reason.MISSED_PACKETS_OVERFLOW);
        });
        trial("clients.missed_packets_buffer_bytes", room, it -> {
            long id = it.away();
            it.reload(clients(c -> c.withMissedPacketsBufferBytes(1)));
            it.firehose.send(id, Bytes.utf8("one always fits"));
            it.firehose.send(id, Bytes.utf8("two do not"));
            it.firehose.expectFailure(id, Reason.MISSED_PACKETS_OVERFLOW);
        });
        trial("limits.max_stale_clients_per_ip", it -> {
            it.reload(limits(l -> l.withMaxStaleClientsPerIp(1)));
            it.away();
            it.away();
            it.awaitCount(Metric.EVICTED_PER_IP, 1);
        });
    }

    private static void connectionLimits() {
        trial("limits.max_clients", it -> {
            it.open();
            it.reload(limits(l -> l.withMaxClients(1)));
            it.opensUntil(Metric.REFUSED_MAX_CLIENTS);
            assertThat(it.server.capacity()).extracting(ClientCapacity::clients).isEqualTo(1L);
        });
        trial("limits.max_clients_per_ip", it -> {
            it.reload(limits(l -> l.withMaxClientsPerIp(1)));
            it.opensUntil(Metric.REFUSED_MAX_CLIENTS_PER_IP);
        });
        trial("limits.max_clients_per_subnet", it -> {
            it.reload(limits(l -> l.withMaxClientsPerSubnet(1)));
            it.opensUntil(Metric.REFUSED_MAX_CLIENTS_PER_SUBNET);
        });
        trial("limits.connects_per_sec", it -> {
            it.reload(limits(l -> l.withConnectsPerSec(1)));
            it.opensUntil(Metric.REFUSED_CONNECT_RATE);
        });
        trial("limits.connects_per_sec_per_ip", it -> {
            it.reload(limits(l -> l.withConnectsPerSecPerIp(1)));
            it.opensUntil(Metric.REFUSED_CONNECT_RATE_PER_IP);
        });
        trial("limits.max_pending_handshakes", it -> {
            it.reload(limits(l -> l.withMaxPendingHandshakes(1)));
            it.connectsUntil(Metric.REFUSED_PENDING_HANDSHAKES);
        });
        trial("limits.max_pending_handshakes_per_ip", it -> {
            it.reload(limits(l -> l.withMaxPendingHandshakesPerIp(1)));
            it.connectsUntil(Metric.REFUSED_PENDING_HANDSHAKES_PER_IP);
        });
        trial("limits.failed_resumes_per_min_per_ip", it -> {
            it.reload(limits(l -> l.withFailedResumesPerMinPerIp(1)));
            it.guessesUntilBanned();
        });
        trial("limits.ban_secs", limits(l -> l.withFailedResumesPerMinPerIp(1).withBanSecs(0)), it -> {
            it.reload(limits(l -> l.withBanSecs(60)));
            it.guessesUntilBanned();
        });
        trial("limits.allow", it -> {
            it.reload(limits(l -> l.withAllow(ELSEWHERE)));
            it.connectsUntil(Metric.REFUSED_DENIED);
        });
        trial("limits.deny", it -> {
            it.reload(limits(l -> l.withDeny(LOOPBACK)));
            it.connectsUntil(Metric.REFUSED_DENIED);
        });
    }

    private static void rates() {
        trial("limits.packets_per_sec_per_client", it -> {
            ScriptedClient client = it.open();
            it.reload(limits(l -> l.withPacketsPerSecPerClient(1)));
            it.sendsUntil(client, Metric.LINKS_PAUSED);
        });
        trial("limits.bytes_per_sec_per_client", it -> {
            ScriptedClient client = it.open();
            it.reload(limits(l -> l.withBytesPerSecPerClient(1)));
            it.sendsUntil(client, Metric.LINKS_PAUSED);
        });
        trial("limits.rate_policy", limits(l -> l.withPacketsPerSecPerClient(1)), it -> {
            ScriptedClient client = it.open();
            it.reload(limits(l -> l.withRatePolicy(RatePolicy.KICK)));
            it.sendsUntil(client, Metric.ENDED_RATE_LIMIT);
        });
        trial("limits.idle_timeout_secs", it -> {
            it.open();
            it.reload(limits(l -> l.withIdleTimeoutSecs(1)));
            it.awaitCount(Metric.LINKS_IDLE, 1);
        });
    }

    static List<String> reloadable() {
        return CatalogueDoors.reloadable().stream()
                .filter(key -> !key.startsWith("general."))
                .toList();
    }

    @Test
    void everyReloadableKeyHasATrial() {
        assertThat(TRIALS.keySet()).containsExactlyInAnyOrderElementsOf(reloadable());
    }

    @ParameterizedTest
    @MethodSource("reloadable")
    void aChangedSettingTakesEffect(String key) throws Exception {
        Trial trial = TRIALS.get(key);
        try (ReloadStage stage = new ReloadStage(key, trial.before())) {
            trial.run().on(stage);
        }
    }

    @Test
    void whatWaitsForARestartIsNamedAndClientsNoticeNothing() throws Exception {
        try (ReloadStage it = new ReloadStage("", config -> config)) {
            ScriptedClient client = it.open();
            ServerConfig next = ServerConfig.defaults();
            for (int i = 0; i < 2; i++) {
                ConfigChange change =
                        it.server.reload(next).toCompletableFuture().get(10, TimeUnit.SECONDS);
                assertThat(change.atOnce()).isEmpty();
                assertThat(change.newLinks()).isEmpty();
                assertThat(change.atRestart())
                        .containsExactly("listener.address", "listener.key_file", "listener.threads", "master.address");
            }
            client.send(Bytes.utf8("still here"));
            assertThat(it.firehose.dataOf(client.id())).isEqualTo(Bytes.utf8("still here"));
        }
    }

    @Test
    void renewedCertificatesTowardsTheMasterNeedNoReload() throws Exception {
        ReloadedMasterTls files = new ReloadedMasterTls();
        try (ReloadStage it = new ReloadStage("", files::before)) {
            files.renewed(it);
        }
    }

    @Test
    void aReloadLeavesNothingBehind() throws Exception {
        try (ReloadStage it = new ReloadStage("", config -> config)) {
            CompletableFuture<Void> ended = it.server.ended().toCompletableFuture();
            int before = ended.getNumberOfDependents();
            it.server.reload(ServerConfig.defaults()).toCompletableFuture().get(10, TimeUnit.SECONDS);
            await().until(() -> ended.getNumberOfDependents() == before);
        }
    }

    @Test
    void aServerThatEndsTakesNothingMore() throws Exception {
        try (ReloadStage it = new ReloadStage("", config -> config)) {
            it.server.stop();
            assertThatThrownBy(() -> it.server
                            .reload(ServerConfig.defaults())
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ServerFailedException.class);
        }
    }
}
