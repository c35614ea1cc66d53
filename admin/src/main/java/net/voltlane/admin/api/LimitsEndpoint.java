package net.voltlane.admin.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Clients;
import net.voltlane.server.config.LimitsConfig;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.Setting;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/** Shows each setting that bounds something for clients, how much of it is used, and how often it was met. Thread-safe. */
final class LimitsEndpoint {
    private final AdminHost host;

    /** A limit as the API shows it. */
    private record LimitJson(
            String key,
            @Nullable Long limit,
            @Nullable Long used,
            long refused,
            @Nullable String description) {}

    LimitsEndpoint(AdminHost host) {
        this.host = host;
    }

    List<Route> routes() {
        return List.of(Route.get("/api/v1/limits", this::list));
    }

    private CompletionStage<Response> list(Request request) {
        Parameters.of(request);
        return Response.json(200, Map.of("limits", new Report(host).limits())).now();
    }

    /** The report at one moment. */
    private static final class Report {
        private final VoltlaneServer server;
        private final LimitsConfig strangers;
        private final Clients clients;
        private final Map<String, String> descriptions = new LinkedHashMap<>();
        private final List<LimitJson> all = new ArrayList<>();

        Report(AdminHost host) {
            server = host.server();
            LoadedConfig loaded = host.configuration();
            strangers = loaded.config().limits();
            clients = loaded.config().clients();
            for (Setting setting : loaded.settings()) {
                descriptions.put(setting.key(), setting.description());
            }
        }

        List<LimitJson> limits() {
            ofTheServer();
            ofAddresses();
            ofOneClient();
            ofVersion3();
            return all;
        }

        private void ofTheServer() {
            add(
                    "limits.max_buffered_bytes",
                    read(Gauge.HELD_BYTES_LIMIT),
                    read(Gauge.HELD_BYTES),
                    Metric.MEMORY_LIMIT_REACHED);
            add("limits.max_clients", strangers.maxClients(), read(Gauge.CONNECTIONS), Metric.REFUSED_MAX_CLIENTS);
            add("limits.connects_per_sec", strangers.connectsPerSec(), null, Metric.REFUSED_CONNECT_RATE);
            add(
                    "limits.max_pending_handshakes",
                    strangers.maxPendingHandshakes(),
                    read(Gauge.HANDSHAKES),
                    Metric.REFUSED_PENDING_HANDSHAKES);
            all.add(limit(
                    "clients.max_stale_clients",
                    Numbers.bound(read(Gauge.SESSIONS_STALE_LIMIT)),
                    read(Gauge.SESSIONS_STALE),
                    server.count(Metric.ENDED_EVICTED) - server.count(Metric.EVICTED_PER_IP)));
        }

        private void ofAddresses() {
            add("limits.max_clients_per_ip", strangers.maxClientsPerIp(), null, Metric.REFUSED_MAX_CLIENTS_PER_IP);
            add(
                    "limits.max_clients_per_subnet",
                    strangers.maxClientsPerSubnet(),
                    null,
                    Metric.REFUSED_MAX_CLIENTS_PER_SUBNET);
            add("limits.max_stale_clients_per_ip", strangers.maxStaleClientsPerIp(), null, Metric.EVICTED_PER_IP);
            add(
                    "limits.connects_per_sec_per_ip",
                    strangers.connectsPerSecPerIp(),
                    null,
                    Metric.REFUSED_CONNECT_RATE_PER_IP);
            add(
                    "limits.max_pending_handshakes_per_ip",
                    strangers.maxPendingHandshakesPerIp(),
                    null,
                    Metric.REFUSED_PENDING_HANDSHAKES_PER_IP);
            add(
                    "limits.failed_resumes_per_min_per_ip",
                    strangers.failedResumesPerMinPerIp(),
                    null,
                    Metric.ADDRESSES_BANNED);
        }

        private void ofOneClient() {
            add(
                    "limits.packets_per_sec_per_client",
                    strangers.packetsPerSecPerClient(),
                    null,
                    Metric.LINKS_PAUSED,
                    Metric.ENDED_RATE_LIMIT);
            add(
                    "limits.bytes_per_sec_per_client",
                    strangers.bytesPerSecPerClient(),
                    null,
                    Metric.LINKS_PAUSED,
                    Metric.ENDED_RATE_LIMIT);
            add("limits.idle_timeout_secs", strangers.idleTimeoutSecs(), null, Metric.LINKS_IDLE);
            add("clients.channel_capacity", clients.channelCapacity(), null, Metric.ENDED_BUFFER_OVERFLOW);
            add("clients.channel_capacity_bytes", clients.channelCapacityBytes(), null, Metric.ENDED_BUFFER_OVERFLOW);
            all.add(limit(
                    "clients.missed_packets_buffer_size",
                    Numbers.bound(clients.missedPacketsBufferSize()),
                    null,
                    server.count(Metric.ENDED_MISSED_PACKETS_OVERFLOW)));
            all.add(limit(
                    "clients.missed_packets_buffer_bytes",
                    Numbers.bound(clients.missedPacketsBufferBytes()),
                    null,
                    server.count(Metric.ENDED_MISSED_PACKETS_OVERFLOW)));
            all.add(limit(
                    "clients.stale_timeout_secs",
                    Numbers.bound(clients.staleTimeoutSecs()),
                    null,
                    server.count(Metric.ENDED_DISCONNECTED)));
        }

        private void ofVersion3() {
            add(
                    "clients.unacknowledged_capacity",
                    clients.unacknowledgedCapacity(),
                    null,
                    Metric.ENDED_BUFFER_OVERFLOW,
                    Metric.ENDED_MISSED_PACKETS_OVERFLOW);
            add(
                    "clients.unacknowledged_capacity_bytes",
                    clients.unacknowledgedCapacityBytes(),
                    null,
                    Metric.ENDED_BUFFER_OVERFLOW,
                    Metric.ENDED_MISSED_PACKETS_OVERFLOW);
        }

        /** Adds a limit whose value 0 means that there is none. */
        private void add(String key, long limit, @Nullable Long used, Metric... refused) {
            long sum = 0;
            for (Metric metric : refused) {
                sum += server.count(metric);
            }
            all.add(limit(key, Numbers.limit(limit), used, sum));
        }

        private LimitJson limit(String key, @Nullable Long limit, @Nullable Long used, long refused) {
            return new LimitJson(key, limit, used, refused, descriptions.get(key));
        }

        private Long read(Gauge gauge) {
            return server.read(gauge);
        }
    }
}
