package net.voltlane.cli.ctl;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import net.voltlane.server.config.Address;

/** An admin server that says what a test wants. Any thread may call it. */
public final class FakeAdmin implements AutoCloseable {
    /** A status with everything in order. */
    public static final String STATUS = """
            {"version":"0.1.0","java":"17.0.13","processId":4711,"state":"listening","ready":true,"reasons":[],
             "startedAt":"2026-01-31T23:59:59Z","uptimeSeconds":187.5,"key":"SHA256:D3Fbr11MLtMpeFzvKeVi9zSIyKK7nbxXALNh1UubBVQ",
             "listeners":["127.0.0.1:42000"],
             "master":{"address":"127.0.0.1:42001","firehose":3,"connected":true,"connections":1,"failedDials":2,"losses":1,
               "queue":{"packets":3,"bytes":1536,"maxPackets":1024,"maxBytes":8388608},"clientsHeld":false,"firehosePaused":false},
             "sessions":{"live":1812,"stale":12,"staleLimit":1000,"slow":3},
             "connections":{"open":1815,"limit":2000,"handshakes":0},
             "memory":{"heldBytes":12582912,"keptBytes":3145728,"heldBytesLimit":67108864,"heapUsedBytes":41943040,"heapMaxBytes":268435456},
             "loopLagSeconds":0.004,"drain":null}""";

    private record Reply(int status, String type, String body) {}

    /**
     * A request that came.
     *
     * @param line the method and the path with its query
     * @param token the value of the header Authorization; empty if there is none
     * @param body empty if there is none
     */
    public record Request(String line, String token, String body) {}

    private final HttpServer server;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** Starts it on a free port. */
    public FakeAdmin() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** Its address. */
    public Address address() {
        return new Address("127.0.0.1", server.getAddress().getPort());
    }

    /** Has a request, given by its method and path with its query, answered with JSON. */
    public FakeAdmin on(String request, int status, String json) {
        replies.put(
                request,
                new Reply(
                        status, status < 400 || status == 503 ? "application/json" : "application/problem+json", json));
        return this;
    }

    /** Has a request answered with another type of content. */
    public FakeAdmin on(String request, int status, String type, String body) {
        replies.put(request, new Reply(status, type, body));
        return this;
    }

    /** The requests so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(line, token == null ? "" : token, body));
            Reply reply = replies.getOrDefault(
                    line,
                    new Reply(
                            404,
                            "application/problem+json",
                            "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"nothing is at " + line + "\"}"));
            exchange.getResponseHeaders().set("Content-Type", reply.type + "; charset=utf-8");
            byte[] bytes = reply.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
