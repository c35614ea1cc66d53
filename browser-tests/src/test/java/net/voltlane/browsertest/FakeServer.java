package net.voltlane.browsertest;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.admin.dashboard.Assets;
import net.voltlane.admin.history.History;
import net.voltlane.admin.history.HistoryEndpoint;
import net.voltlane.admin.http.HttpServer;
import net.voltlane.admin.http.Route;
import net.voltlane.admin.http.Token;
import net.voltlane.admin.stream.LiveFeed;

/**
 * The admin server of a connection server that is not there: the real HTTP server, page, history and stream over figures
 * that a test sets, and answers of the API made up by {@link FakeApi}.
 */
final class FakeServer implements AutoCloseable {
    static final String TOKEN = "the-right-token";

    final World world;
    final FakeApi api;
    private final HttpServer http;
    private final LiveFeed feed;
    private final InetSocketAddress address;

    /** A server with sessions, and a past of {@code past}. */
    FakeServer(int sessions, Duration past) throws InterruptedException {
        this(sessions, past, 0);
    }

    FakeServer(int sessions, Duration past, int port) throws InterruptedException {
        world = new World(sessions);
        api = new FakeApi(world, sessions);
        History history = new History(world, world, () -> world.now(past));
        for (long second = 0; second < past.toSeconds(); second++) {
            world.skip(Duration.ofSeconds(1));
            history.tick();
        }
        feed = new LiveFeed(history, api::status);
        List<Route> routes = new ArrayList<>(Assets.routes());
        routes.addAll(new HistoryEndpoint(history).routes());
        routes.addAll(feed.routes());
        routes.addAll(api.routes());
        http = new HttpServer(routes, new Token(TOKEN), Set.of());
        address = http.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .toCompletableFuture()
                .join();
        feed.start(http.executor());
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    int port() {
        return address.getPort();
    }

    /** Writes a line of the log. */
    void log(String level, String message) {
        http.executor().execute(() -> feed.line(api.event(level, message)));
    }

    /** Ends, as a process that is killed: all connections break. */
    @Override
    public void close() {
        http.close();
        try {
            if (!http.executor().awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the HTTP server does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
