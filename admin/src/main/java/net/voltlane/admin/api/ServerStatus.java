package net.voltlane.admin.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.health.Health;
import net.voltlane.server.DrainStatus;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The state of a server as the API shows it. The names are those of the JSON object; seconds have decimals. Immutable.
 *
 * @param java the version of the Java runtime
 * @param state the {@link net.voltlane.server.ServerState} in lower case
 * @param reasons why the server is not ready; empty if it is
 * @param startedAt as RFC 3339, in UTC
 * @param key the fingerprint of the server's key
 * @param listeners addresses that clients are accepted on, each behind its transport unless that is plain TCP; empty before
 */
public record ServerStatus(
        String version,
        String java,
        long processId,
        String state,
        boolean ready,
        List<String> reasons,
        String startedAt,
        double uptimeSeconds,
        String key,
        List<String> listeners,
        Master master,
        Sessions sessions,
        Connections connections,
        Memory memory,
        double loopLagSeconds,
        @Nullable DrainProgress drain) {
    /**
     * The link to the master.
     *
     * @param firehose the version of the firehose
     */
    record Master(
            String address,
            int firehose,
            boolean connected,
            long connections,
            long failedDials,
            long losses,
            Queue queue,
            boolean clientsHeld,
            boolean firehosePaused) {}

    /** Packets that wait for the master; a bound is null where there is none. */
    record Queue(
            long packets,
            long bytes,
            @Nullable Long maxPackets,
            @Nullable Long maxBytes) {}

    /** Numbers of sessions. */
    record Sessions(long live, long stale, @Nullable Long staleLimit, long slow) {}

    /** Numbers of connections; the limit is null before there are listeners. */
    record Connections(long open, @Nullable Long limit, long handshakes) {}

    /**
     * Memory in bytes.
     *
     * @param keptBytes those of the held bytes that packets for clients take, which are not acknowledged or were missed
     */
    record Memory(
            long heldBytes, long keptBytes, @Nullable Long heldBytesLimit, long heapUsedBytes, long heapMaxBytes) {}

    /** The progress of a drain. */
    record DrainProgress(double endsInSeconds, int sessionsLeft) {}

    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * The state now. Any thread.
     *
     * @param startedAt the time at which the server was started
     */
    public static ServerStatus of(AdminHost host, Instant startedAt, Instant now) {
        VoltlaneServer server = host.server();
        Health ready = Health.readiness(server);
        DrainStatus drain = server.draining().orElse(null);
        return new ServerStatus(
                host.version(),
                Runtime.version().toString(),
                ProcessHandle.current().pid(),
                server.state().name().toLowerCase(Locale.ROOT),
                ready.isFine(),
                ready.reasons(),
                startedAt.toString(),
                Numbers.seconds(Duration.between(startedAt, now)),
                server.keyFingerprint(),
                server.listeners(),
                master(host),
                new Sessions(
                        server.read(Gauge.SESSIONS_LIVE),
                        server.read(Gauge.SESSIONS_STALE),
                        Numbers.bound(server.read(Gauge.SESSIONS_STALE_LIMIT)),
                        server.read(Gauge.CLIENTS_SLOW)),
                new Connections(
                        server.read(Gauge.CONNECTIONS),
                        Numbers.limit(server.read(Gauge.CONNECTIONS_LIMIT)),
                        server.read(Gauge.HANDSHAKES)),
                memory(server),
                server.read(Gauge.LOOP_LAG) / NANOS_PER_SECOND,
                drain == null ? null : new DrainProgress(Numbers.seconds(drain.endsIn()), drain.sessionsLeft()));
    }

    private static Master master(AdminHost host) {
        VoltlaneServer server = host.server();
        net.voltlane.server.config.Master settings =
                host.configuration().config().master();
        return new Master(
                settings.address().toString(),
                settings.protocol(),
                server.read(Gauge.MASTER_UP) == 1,
                server.count(Metric.MASTER_CONNECTED),
                server.count(Metric.MASTER_DIALS_FAILED),
                server.count(Metric.MASTER_LOST),
                new Queue(
                        server.read(Gauge.MASTER_QUEUE_PACKETS),
                        server.read(Gauge.MASTER_QUEUE_BYTES),
                        Numbers.limit(server.read(Gauge.MASTER_QUEUE_PACKETS_LIMIT)),
                        Numbers.limit(server.read(Gauge.MASTER_QUEUE_BYTES_LIMIT))),
                server.read(Gauge.CLIENTS_HELD) == 1,
                server.read(Gauge.FIREHOSE_PAUSED) == 1);
    }

    private static Memory memory(VoltlaneServer server) {
        Runtime runtime = Runtime.getRuntime();
        return new Memory(
                server.read(Gauge.HELD_BYTES),
                server.read(Gauge.KEPT_BYTES),
                Numbers.bound(server.read(Gauge.HELD_BYTES_LIMIT)),
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory());
    }
}
