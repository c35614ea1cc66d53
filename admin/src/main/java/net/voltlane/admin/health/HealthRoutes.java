package net.voltlane.admin.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import net.voltlane.server.VoltlaneServer;

/** The paths {@code /livez} and {@code /readyz}. Everybody may ask; reasons are told to those who may read. */
public final class HealthRoutes {
    private static final int FINE = 200;
    private static final int NOT_FINE = 503;

    private HealthRoutes() {}

    /** The routes of a server. */
    public static List<Route> of(VoltlaneServer server) {
        return List.of(
                Route.open(
                        "/livez",
                        request -> answer(request, Health.liveness(server), "ok", "failed")
                                .now()),
                Route.open(
                        "/readyz",
                        request -> answer(request, Health.readiness(server), "ready", "not ready")
                                .now()));
    }

    static Response answer(Request request, Health health, String fine, String notFine) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("status", health.isFine() ? fine : notFine);
        document.put("reasons", request.isTrusted() ? health.reasons() : List.of());
        return Response.json(health.isFine() ? FINE : NOT_FINE, document);
    }
}
