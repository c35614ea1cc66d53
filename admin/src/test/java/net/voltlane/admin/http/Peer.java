package net.voltlane.admin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.voltlane.testkit.ManualClock;

/** A peer of an HTTP server on an embedded channel: text in, text out. */
final class Peer implements AutoCloseable {
    static final String TOKEN = "the-right-token-of-at-least-32-characters";
    static final String HOST = "Host: localhost:42002\r\n";
    static final HttpLimits LIMITS =
            new HttpLimits(4, 2, 16_384, 65_536, 100_000, 1_000, 10_000, 10_000, 60_000, 1_000);

    /** A server without a socket. */
    static final class Server {
        final ManualClock clock = new ManualClock();
        final HttpFigures figures = new HttpFigures();
        final Connections connections = new Connections(LIMITS, figures);
        final HttpContext context;

        Server(List<Route> routes) {
            context = new HttpContext(
                    LIMITS,
                    connections,
                    new Dispatcher(
                            new Router(routes),
                            new AccessPolicy(new Token(TOKEN), Set.of("ops.example"), figures, clock)),
                    figures,
                    clock);
        }

        Peer connect() {
            return new Peer(this, "127.0.0.1");
        }

        Peer connectFrom(String address) {
            return new Peer(this, address);
        }

        void pass(long millis) {
            clock.advance(Duration.ofMillis(millis));
            connections.sweep(clock.getAsLong());
        }
    }

    /** Routes that tell what they were called with. */
    static List<Route> routes() {
        return List.of(
                Route.get(
                        "/read",
                        request -> Response.text(
                                        200,
                                        "text/plain",
                                        request.method() + " " + request.path() + " " + request.query())
                                .now()),
                Route.open(
                        "/open",
                        request -> Response.text(200, "text/plain", "trusted " + request.isTrusted())
                                .now()),
                Route.get(
                        "/things/{id}",
                        request -> Response.text(200, "text/plain", request.pathParameter("id"))
                                .now()),
                Route.post(
                        "/change",
                        request -> Response.text(
                                        200, "text/plain", "changed by " + new String(request.body(), ISO_8859_1))
                                .now()),
                Route.get("/stuck", request -> new CompletableFuture<>()),
                Route.get("/broken", request -> {
                    throw new IllegalStateException("oops");
                }));
    }

    final EmbeddedChannel channel;

    private Peer(Server server, String address) {
        channel = new EmbeddedChannel(new HttpPipeline(server.context)) {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 4711);
            }
        };
    }

    Peer send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
        return this;
    }

    /** Everything that the server has sent since the last call. */
    String received() {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(ISO_8859_1));
            part.release();
        }
        return text.toString();
    }

    /** Sends a request with the right Host, and returns the answer. */
    String ask(String line, String... headers) {
        StringBuilder request = new StringBuilder(line).append(" HTTP/1.1\r\n").append(HOST);
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return send(request.append("\r\n").toString()).received();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    static String statusOf(String answer) {
        return answer.isEmpty() ? "" : answer.split(" ", 3)[1];
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
