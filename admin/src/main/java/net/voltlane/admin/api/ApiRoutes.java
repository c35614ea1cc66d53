package net.voltlane.admin.api;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;

/** The routes of the API. */
public final class ApiRoutes {
    private ApiRoutes() {}

    /**
     * The routes for a server.
     *
     * @param status what {@link ServerStatus#of} says of it now
     */
    public static List<Route> of(AdminHost host, Supplier<ServerStatus> status) {
        Cursors cursors = new Cursors(new SecureRandom().nextLong());
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get("/api/v1/openapi.json", new OpenApiEndpoint()));
        routes.add(Route.get("/api/v1/status", request -> {
            noParameters(request);
            return Response.json(200, status.get()).now();
        }));
        routes.addAll(new SessionsEndpoints(host.server(), cursors).routes());
        routes.addAll(new BansEndpoints(host.server().bans(), cursors).routes());
        routes.addAll(new LimitsEndpoint(host).routes());
        routes.addAll(new FleetEndpoint(host).routes());
        routes.addAll(new SettingsEndpoints(host).routes());
        routes.addAll(new LifeEndpoints(host).routes());
        return routes;
    }

    /** Refuses a query on a route that takes none. */
    static void noParameters(Request request) {
        Parameters.of(request);
    }
}
