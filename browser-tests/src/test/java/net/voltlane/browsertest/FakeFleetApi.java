package net.voltlane.browsertest;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import org.jspecify.annotations.Nullable;

/** The store and the fleet as a test wants them: none, until one is set. Thread-safe. */
final class FakeFleetApi {
    private volatile Map<String, @Nullable Object> store =
            store("memory", null, true, null, null, 0, /* whenAway= */ null);
    private volatile List<Map<String, @Nullable Object>> servers = List.of();

    Route route() {
        return Route.get(
                "/api/v1/fleet",
                request -> Response.json(200, Map.of("store", store, "servers", servers))
                        .now());
    }

    /** A store in a file, which no other server uses. */
    void file() {
        store = store("file", "/var/lib/voltlane/sessions.db", true, 1234L, 480_000L, 0, "continue");
    }

    /** A store in Redis, and the servers that share it. */
    void redis(boolean up, long unrecorded, String whenAway, List<Map<String, @Nullable Object>> sharing) {
        store = store("redis", "redis://redis.internal:6379", up, null, null, unrecorded, whenAway);
        servers = List.copyOf(sharing);
    }

    /** A server that listens and has its backend, of which a test can change what it wants. */
    static Map<String, @Nullable Object> server(String name, int number, long live) {
        Map<String, @Nullable Object> server = new LinkedHashMap<>();
        server.put("name", name);
        server.put("id", String.valueOf(number).repeat(32));
        server.put("self", number == 1);
        server.put("advertise", name + ".example.com:42000");
        server.put("version", "0.1.0");
        server.put("startedAt", Instant.now().minus(Duration.ofHours(50)).toString());
        server.put("state", "listening");
        server.put("backendUp", true);
        server.put("draining", false);
        server.put("liveSessions", live);
        server.put("staleSessions", live / 100);
        server.put("connections", live + 2);
        return server;
    }

    private static Map<String, @Nullable Object> store(
            String kind,
            @Nullable String place,
            boolean up,
            @Nullable Long records,
            @Nullable Long bytes,
            long unrecorded,
            @Nullable String whenAway) {
        Map<String, @Nullable Object> store = new LinkedHashMap<>();
        store.put("kind", kind);
        store.put("place", place);
        store.put("up", up);
        store.put("records", records);
        store.put("bytes", bytes);
        store.put("unrecorded", unrecorded);
        store.put("whenAway", whenAway);
        return store;
    }
}
