package net.voltlane.admin.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** An HTTP server with a clock that is moved by hand, some routes, and raw sockets to it. */
final class HttpStage implements AutoCloseable {
    static final String TOKEN = "right-token";
    static final HttpLimits SMALL = new HttpLimits(4, 2, 4_096, 1_024, 1 << 20, 65_536, 10_000, 15_000, 60_000, 1_000);

    private static final int TIMEOUT_MILLIS = 10_000;

    final AtomicLong nanos = new AtomicLong();
    final AtomicInteger changes = new AtomicInteger();
    final CompletableFuture<Response> slow = new CompletableFuture<>();
    final List<ResponseStream> streams = new ArrayList<>();
    final HttpServer server;
    private final InetSocketAddress address;
    private final List<Socket> sockets = new ArrayList<>();

    HttpStage() throws Exception {
        this(HttpLimits.DEFAULT, new Token(TOKEN), Set.of("admin.example.org"));
    }

    HttpStage(HttpLimits limits, Token token, Set<String> hosts) throws Exception {
        server = new HttpServer(token, hosts, limits, nanos::get);
        ServerSocketChannel port = ServerSocketChannel.open();
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        address = (InetSocketAddress) port.getLocalAddress();
        server.serve(port, routes());
    }

    private List<Route> routes() {
        return List.of(
                Route.open(
                        "/", request -> Response.text(200, "text/plain", "open").now()),
                Route.get(
                        "/read", request -> Response.json(200, request.query()).now()),
                Route.get(
                        "/things/{id}",
                        request -> Response.text(200, "text/plain", request.pathParameter("id"))
                                .now()),
                Route.get("/slow", request -> slow),
                Route.get("/broken", request -> {
                    throw new IllegalStateException("secret inside");
                }),
                Route.get(
                        "/large",
                        request -> Response.of(200, "text/plain", new byte[8 << 20])
                                .now()),
                Route.get(
                        "/stream",
                        request -> Response.stream("text/event-stream", streams::add)
                                .now()),
                Route.post("/change", request -> {
                    changes.incrementAndGet();
                    return Response.json(200, Json.body(request)).now();
                }));
    }

    /** Moves the clock. The server looks at it twice a second. */
    void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    /** Moves the clock on and on: a connection may begin a state a moment after its peer has seen why. */
    void passUntil(Callable<Boolean> condition) {
        Awaitility.await().until(() -> {
            pass(5);
            return condition.call();
        });
    }

    /** Waits until the first bytes of this many requests have come. */
    void awaitReading(int connections) {
        Awaitility.await().until(() -> server.reading() == connections);
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        sockets.add(socket);
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** A connection of its own for each request; the answer with its head, up to the server's close. */
    String ask(String text) throws IOException {
        try (Socket socket = connect()) {
            send(socket, text);
            return rest(socket);
        }
    }

    /** A request with the headers that every proper one has. */
    static String get(String target, String... headers) {
        return request("GET", target, "", headers);
    }

    static String request(String method, String target, String body, String... headers) {
        StringBuilder text =
                new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        if (List.of(headers).stream().noneMatch(header -> header.startsWith("Host:"))) {
            text.append("Host: localhost\r\n");
        }
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return text.append("\r\n").append(body).toString();
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    /** Everything up to the end of the stream. */
    static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** An answer whose length the head tells. */
    static String one(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after " + head);
            }
            bytes.write(next);
            head = bytes.toString(StandardCharsets.ISO_8859_1);
        }
        String marker = "content-length: ";
        int at = head.indexOf(marker) + marker.length();
        int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }
}
