package net.voltlane.admin.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.admin.health.HealthRoutes;
import net.voltlane.admin.http.HttpServer;
import net.voltlane.admin.http.Route;
import net.voltlane.admin.http.Token;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.ScriptedMaster;

/** A server with its master and its API, on free ports of this machine, and an operator with the token. */
final class ApiStage implements AutoCloseable {
    static final String TOKEN = "a-token-of-at-least-32-characters-0123456789";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    final ScriptedMaster master = ScriptedMaster.listen();
    final Firehose firehose;
    final VoltlaneServer server;
    final TestHost host;
    final InetSocketAddress clients;
    final List<Route> routes = new ArrayList<>();
    private final HttpServer http;
    private final String base;
    private final HttpClient browser =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** An answer with its JSON document. */
    record Answer(int status, String type, JsonObject document) {
        String text(String name) {
            return document.get(name).getAsString();
        }
    }

    ApiStage(Path directory, String more) throws Exception {
        Files.writeString(directory.resolve("connserver.toml"), """
                [listener]
                address = "127.0.0.1:0"
                key_file = ""
                threads = 2
                transport = "nio"
                [master]
                address = "127.0.0.1:%d"
                %s
                """.formatted(
                        master.address().getPort(), more));
        LoadedConfig loaded = load(directory);
        server = VoltlaneServer.start(loaded.config());
        clients = server.listening().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        firehose = master.accept();
        host = new TestHost(server, loaded);
        Instant startedAt = Instant.now();
        routes.addAll(ApiRoutes.of(host, () -> ServerStatus.of(host, startedAt, Instant.now())));
        routes.addAll(HealthRoutes.of(server));
        http = new HttpServer(new Token(TOKEN), Set.of());
        ServerSocketChannel port = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        base = "http://127.0.0.1:" + ((InetSocketAddress) port.getLocalAddress()).getPort();
        http.serve(port, routes);
    }

    static LoadedConfig load(Path directory) throws ConfigException {
        return ConfigLoader.load(new ConfigRequest(directory, null, Map.of(), null, null, false));
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(base + path)).GET());
    }

    /** A change with the token. */
    Answer post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /** A request of the test's own making. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    /** Sends a request, and holds its answer to the description of the API. */
    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = browser.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
        String type = response.headers().firstValue("content-type").orElse("");
        JsonElement document = JsonParser.parseString(response.body());
        return new Answer(response.statusCode(), type, document.getAsJsonObject());
    }

    @Override
    public void close() {
        http.close();
        server.stop();
        server.ended()
                .toCompletableFuture()
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        master.close();
    }
}
