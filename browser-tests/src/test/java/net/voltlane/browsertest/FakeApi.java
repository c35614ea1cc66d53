package net.voltlane.browsertest;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import net.voltlane.admin.http.Json;
import net.voltlane.admin.http.Problem;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import org.jspecify.annotations.Nullable;

/** Answers of the API, made up from a {@link World}, and a list of the changes that were asked for. */
final class FakeApi {
    private static final int PAGE = 50;

    private final World world;
    private final int sessions;

    /** The changes that were made, such as {@code kick 42}. */
    final List<String> changes = new CopyOnWriteArrayList<>();

    private final List<Map<String, @Nullable Object>> bans = new CopyOnWriteArrayList<>();
    private volatile boolean draining;
    private volatile @Nullable List<String> reloadErrors;

    FakeApi(World world, int sessions) {
        this.world = world;
        this.sessions = sessions;
        if (sessions > 0) {
            bans.add(map("address", "198.51.100.23", "reason", "wrong proofs", "server", null, "endsInSeconds", 412.5));
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/v1/status", request -> json(status())),
                Route.get("/api/v1/sessions", this::page),
                Route.get("/api/v1/sessions/{id}", request -> json(session(request))),
                Route.post("/api/v1/sessions/{id}/kick", this::kick),
                Route.get("/api/v1/bans", request -> json(map("bans", bans, "next", null))),
                Route.post("/api/v1/bans", this::ban),
                Route.post("/api/v1/bans/lift", this::lift),
                Route.get("/api/v1/config", request -> json(map("settings", List.of(drainTimeout())))),
                Route.get("/api/v1/log-level", request -> json(map("level", "Info"))),
                Route.post("/api/v1/log-level", this::logLevel),
                Route.post("/api/v1/reload", this::reload),
                Route.post("/api/v1/drain", this::drain));
    }

    /** Another server of the fleet has given a ban, which holds here as well. */
    void bannedAt(String server, String address) {
        bans.add(map("address", address, "reason", "operator", "server", server, "endsInSeconds", null));
    }

    /** Has the next reloads find errors. */
    void reloadFails(String... errors) {
        reloadErrors = List.of(errors);
    }

    Map<String, @Nullable Object> status() {
        List<String> reasons = new ArrayList<>();
        if (!world.masterIsUp()) {
            reasons.add("the master is not connected");
        }
        if (draining) {
            reasons.add("draining");
        }
        Map<String, @Nullable Object> queue = map(
                "packets",
                world.queuePackets(),
                "bytes",
                world.queuePackets() * 78,
                "maxPackets",
                4096,
                "maxBytes",
                8 << 20);
        Map<String, @Nullable Object> master =
                map("address", "127.0.0.1:42001", "connected", world.masterIsUp(), "connections", 2, "failedDials", 3);
        master.putAll(map("losses", 1, "firehose", 3, "queue", queue, "clientsHeld", false, "firehosePaused", false));
        Map<String, @Nullable Object> status = map("version", "0.1.0", "java", "17.0.13", "processId", 4711);
        status.putAll(
                map("state", draining ? "draining" : "listening", "ready", reasons.isEmpty(), "reasons", reasons));
        status.putAll(map(
                "startedAt", Instant.EPOCH.toString(), "uptimeSeconds", world.seconds(), "key", "6f2c:91d0:77ab:3e58"));
        status.putAll(map("listeners", List.of("127.0.0.1:42000"), "master", master));
        status.putAll(
                map("sessions", map("live", world.live(), "stale", sessions / 100, "staleLimit", 10_000, "slow", 3)));
        status.putAll(map("connections", map("open", world.live(), "limit", 65_000, "handshakes", 0)));
        status.putAll(
                map("memory", map("heldBytes", 24 << 20, "heldBytesLimit", 512 << 20, "heapUsedBytes", 70 << 20)));
        status.putAll(map("loopLagSeconds", 0.01));
        status.put("drain", draining ? map("endsInSeconds", 4.2, "sessionsLeft", 12) : null);
        return status;
    }

    private CompletionStage<Response> page(Request request) {
        String sort = request.parameter("sort");
        String address = request.parameter("address");
        if (address != null && !address.matches("[0-9a-f.:/]+")) {
            throw new ProblemException(Problem.of(400, "address (expected: an address or a network)"));
        }
        String cursor = request.parameter("cursor");
        int from = cursor == null ? 0 : Integer.parseInt(cursor);
        List<Map<String, @Nullable Object>> page = new ArrayList<>();
        for (int i = from; i < Math.min(sessions, from + PAGE); i++) {
            page.add(session("-opened".equals(sort) ? sessions - 1 - i : i));
        }
        boolean more = from + PAGE < sessions;
        return json(map("sessions", page, "next", more ? String.valueOf(from + PAGE) : null));
    }

    private Map<String, @Nullable Object> session(Request request) {
        int i = Integer.parseInt(request.pathParameter("id")) - 1000;
        if (i < 0 || i >= sessions) {
            throw new ProblemException(Problem.of(404, "there is no such session"));
        }
        return session(i);
    }

    private Map<String, @Nullable Object> session(int i) {
        boolean stale = i % 40 == 7;
        String address = i % 11 == 3 ? "2001:db8::" + Integer.toHexString(i % 4096) : "192.0.2." + i % 250;
        Map<String, @Nullable Object> waiting =
                map("packets", i < 3 ? 900 - 300 * i : 0, "bytes", i < 3 ? 900_000 - 300_000 * i : 0);
        waiting.putAll(map("maxPackets", 1024, "maxBytes", 4 << 20));
        Map<String, @Nullable Object> missed = map("packets", stale ? 40 : 0, "bytes", stale ? 4000 : 0);
        missed.putAll(map("maxPackets", 1000, "maxBytes", 1 << 20));
        Map<String, @Nullable Object> session = map("id", String.valueOf(1000 + i), "state", stale ? "stale" : "live");
        session.putAll(map(
                "address",
                address,
                "port",
                stale ? null : 40_000 + i % 20_000,
                "transport",
                stale ? null : List.of("tcp", "wss").get(i % 2),
                "protocol",
                2,
                "ageSeconds",
                7203.5 - i % 7000));
        session.putAll(map("lostForSeconds", stale ? 12.5 : null, "slow", i < 3, "blocking", false, "resumes", i % 3));
        session.putAll(map("queue", stale ? null : waiting, "missed", missed, "silentForSeconds", stale ? null : 0.4));
        session.putAll(map("packetsUp", 90_000L - i, "bytesUp", 64 * (90_000L - i)));
        session.putAll(map("packetsDown", 81_000L - i, "bytesDown", 150 * (81_000L - i)));
        return session;
    }

    private CompletionStage<Response> kick(Request request) {
        String id = String.valueOf(session(request).get("id"));
        changes.add("kick " + id);
        return json(map("id", id, "kicked", true));
    }

    private CompletionStage<Response> ban(Request request) {
        JsonObject body = Json.body(request);
        String address = body.get("address").getAsString();
        if (!address.matches("[0-9a-f.:/]+")) {
            throw new ProblemException(
                    Problem.of(400, "address: \"" + address + "\" (expected: an address or a network)"));
        }
        changes.add("ban " + body);
        Map<String, @Nullable Object> ban =
                map("address", address, "reason", "operator", "server", null, "endsInSeconds", body.get("seconds"));
        bans.add(ban);
        return json(ban);
    }

    private CompletionStage<Response> lift(Request request) {
        String address = Json.body(request).get("address").getAsString();
        changes.add("lift " + address);
        bans.removeIf(ban -> address.equals(ban.get("address")));
        return json(map("address", address, "lifted", true));
    }

    private CompletionStage<Response> logLevel(Request request) {
        changes.add("log level " + Json.body(request).get("level").getAsString());
        return json(Json.body(request));
    }

    private CompletionStage<Response> reload(Request request) {
        List<String> errors = reloadErrors;
        if (errors != null) {
            throw new ProblemException(Problem.of(422, "the configuration is wrong, and nothing has changed")
                    .withErrors(errors));
        }
        changes.add("reload");
        return json(map(
                "atOnce",
                List.of("limits.max_clients"),
                "newLinks",
                List.of(),
                "atRestart",
                List.of(),
                "warnings",
                List.of()));
    }

    private CompletionStage<Response> drain(Request request) {
        changes.add("drain");
        draining = true;
        return json(map("state", "draining", "timeoutSeconds", 5));
    }

    private static Map<String, @Nullable Object> drainTimeout() {
        return map("key", "general.drain_timeout_secs", "value", 5);
    }

    private static CompletionStage<Response> json(Object value) {
        return Response.json(200, value).now();
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }
}
