package net.voltlane.admin.api;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Store;
import net.voltlane.server.fleet.FleetMember;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.store.StoreFacts;
import org.jspecify.annotations.Nullable;

/** Shows the store of session records, and the servers that share it. Thread-safe. */
final class FleetEndpoint {
    private final AdminHost host;

    /** The store as the API shows it. */
    private record StoreJson(
            String kind,
            @Nullable String place,
            boolean up,
            @Nullable Long records,
            @Nullable Long bytes,
            long unrecorded,
            @Nullable String whenAway) {}

    /** A server as the API shows it. */
    private record ServerJson(
            String name,
            String id,
            boolean self,
            @Nullable String advertise,
            String version,
            String startedAt,
            String state,
            boolean backendUp,
            boolean draining,
            long liveSessions,
            long staleSessions,
            long connections) {
        static ServerJson of(FleetMember member, String self) {
            return new ServerJson(
                    member.name(),
                    member.owner(),
                    member.owner().equals(self),
                    member.advertise().isEmpty() ? null : member.advertise(),
                    member.version(),
                    Instant.ofEpochMilli(member.startedAtMillis()).toString(),
                    member.state(),
                    member.isBackendUp(),
                    member.isDraining(),
                    member.liveSessions(),
                    member.staleSessions(),
                    member.connections());
        }
    }

    FleetEndpoint(AdminHost host) {
        this.host = host;
    }

    List<Route> routes() {
        return List.of(Route.get("/api/v1/fleet", this::show));
    }

    private CompletionStage<Response> show(Request request) {
        Parameters.of(request);
        VoltlaneServer server = host.server();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("store", store(server));
        document.put(
                "servers",
                server.fleet().stream()
                        .map(member -> ServerJson.of(member, server.processName()))
                        .toList());
        return Response.json(200, document).now();
    }

    private StoreJson store(VoltlaneServer server) {
        StoreFacts facts = server.store().orElse(null);
        Store settings = host.configuration().config().store();
        if (facts == null) {
            return new StoreJson(word(settings.kind()), null, true, null, null, 0, null);
        }
        return new StoreJson(
                facts.kind(),
                facts.place(),
                server.isStoreUp(),
                known(facts.records()),
                known(facts.bytes()),
                server.read(Gauge.SESSIONS_UNRECORDED),
                word(settings.whenAway()));
    }

    /** A choice as the configuration spells it. */
    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Long known(long number) {
        return number < 0 ? null : number;
    }
}
