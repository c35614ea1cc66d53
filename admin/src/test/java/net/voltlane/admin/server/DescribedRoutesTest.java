package net.voltlane.admin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.admin.api.OpenApi;
import net.voltlane.admin.api.TestHost;
import net.voltlane.admin.dashboard.Assets;
import net.voltlane.admin.http.Access;
import net.voltlane.admin.http.HttpServer;
import net.voltlane.admin.http.Route;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import net.voltlane.server.config.LoadedConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the API names each route of the admin server, and no other; the dashboard's files are left out. */
final class DescribedRoutesTest {
    @TempDir
    Path directory;

    @Test
    void everyRouteIsDescribedAndTheReverse() throws Exception {
        LoadedConfig loaded = ConfigLoader.load(new ConfigRequest(
                directory, null, Map.of("VOLTLANE_LISTENER_KEY_FILE", ""), new Address("127.0.0.1", 0), null, false));
        VoltlaneServer server = VoltlaneServer.start(loaded.config());
        try (HttpServer http = new HttpServer(null, Set.of())) {
            List<String> assets = Assets.routes().stream().map(Route::template).toList();
            List<Route> routes = AdminServer.routes(new TestHost(server, loaded), http).stream()
                    .filter(route -> !assets.contains(route.template()))
                    .toList();
            assertThat(OpenApi.operations())
                    .containsExactlyInAnyOrderElementsOf(routes.stream()
                            .map(route -> route.method() + " " + route.template())
                            .toList());
            for (Route route : routes) {
                assertThat(route.access() == Access.CHANGE)
                        .as("%s needs the token", route.template())
                        .isEqualTo(route.method().equals("POST"));
                assertThat(OpenApi.needs(route.method(), route.template()))
                        .as("%s %s", route.method(), route.template())
                        .isEqualTo(route.access());
            }
        } finally {
            server.stop();
            server.ended().toCompletableFuture().handle((done, failure) -> true).get(15, TimeUnit.SECONDS);
        }
    }
}
