package net.voltlane.browsertest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.admin.dashboard.Assets;
import net.voltlane.admin.events.EventsEndpoint;
import net.voltlane.admin.events.RecentEvents;
import net.voltlane.admin.history.History;
import net.voltlane.admin.history.HistoryEndpoint;
import net.voltlane.admin.http.HttpServer;
import net.voltlane.admin.http.Route;
import net.voltlane.admin.http.Token;
import net.voltlane.admin.stream.LiveFeed;
import org.slf4j.event.Level;

/**
 * The admin server of a connection server that is not there: the real HTTP server, page, history and stream over figures
 * that a test sets, and answers of the API made up by {@link FakeApi}.
 */
final class FakeServer implements AutoCloseable {
    static final String TOKEN = "the-right-token";

    final World world;
    final FakeApi api;
    final FakeFleetApi fleet = new FakeFleetApi();
    private final HttpServer http;
    private final RecentEvents events = new RecentEvents();
    private final InetSocketAddress address;

    /** A server with sessions, and a past of {@code past}. */
    FakeServer(int sessions, Duration past) throws IOException {
        this(sessions, past, 0);
    }

    FakeServer(int sessions, Duration past, int port) throws IOException {
        this(sessions, past, port, Duration.ZERO);
    }

    /** A server whose master has been away for the last part of its past. */
    FakeServer(int sessions, Duration past, int port, Duration away) throws IOException {
        world = new World(sessions);
        api = new FakeApi(world, sessions);
        History history = new History(world, world, () -> world.now(past));
        for (long second = 0; second < past.toSeconds(); second++) {
            if (second == past.minus(away).toSeconds()) {
                world.masterIsUp(false);
            }
            world.skip(Duration.ofSeconds(1));
            history.tick();
        }
        world.run();
        LiveFeed feed = new LiveFeed(history, api::status, events);
        List<Route> routes = new ArrayList<>(Assets.routes());
        routes.addAll(new HistoryEndpoint(history).routes());
        routes.addAll(feed.routes());
        routes.addAll(new EventsEndpoint(events).routes());
        routes.addAll(api.routes());
        routes.add(fleet.route());
        http = new HttpServer(new Token(TOKEN), Set.of());
        ServerSocketChannel socket = ServerSocketChannel.open();
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        address = (InetSocketAddress) socket.getLocalAddress();
        http.serve(socket, routes);
        feed.start(http.executor());
        log(Level.INFO, "Ready: clients are accepted on 127.0.0.1:42000 (epoll)");
        log(
                Level.WARN,
                "Rejected 17 clients: 12 unsupported protocol version, 5 invalid public key (last: 203.0.113.7)");
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    int port() {
        return address.getPort();
    }

    /** Writes a line of the log. */
    void log(Level level, String message) {
        events.add(System.currentTimeMillis(), level, message, List.of());
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
