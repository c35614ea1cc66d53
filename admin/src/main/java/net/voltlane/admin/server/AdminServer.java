package net.voltlane.admin.server;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.api.ApiRoutes;
import net.voltlane.admin.api.ServerStatus;
import net.voltlane.admin.dashboard.Assets;
import net.voltlane.admin.events.EventsEndpoint;
import net.voltlane.admin.health.HealthRoutes;
import net.voltlane.admin.history.Figures;
import net.voltlane.admin.history.History;
import net.voltlane.admin.history.HistoryEndpoint;
import net.voltlane.admin.http.HttpServer;
import net.voltlane.admin.http.Route;
import net.voltlane.admin.http.Token;
import net.voltlane.admin.prometheus.MetricsEndpoint;
import net.voltlane.admin.stream.LiveFeed;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.Admin;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin server: HTTP for operators beside a connection server, on a port and a thread of its own. Opened, started and
 * closed on any thread.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
    private static final long HEAD_START_MILLIS = 300;

    private final Admin settings;
    private final @Nullable Token token;
    private final ServerSocketChannel port;
    /** The server behind the port; null if it could not be made, or the port was closed before. */
    private final CompletableFuture<@Nullable HttpServer> http = new CompletableFuture<>();

    private AdminServer(Admin settings, @Nullable Token token, ServerSocketChannel port) {
        this.settings = settings;
        this.token = token;
        this.port = port;
    }

    /**
     * Loads or makes the token, and listens. Connections wait in the kernel until {@link #start}.
     *
     * @param settings those of the start
     * @return null where there is no admin server: none is configured, or the default port is taken, which is logged
     * @throws AdminStartException for a reason that the operator can mend
     */
    public static @Nullable AdminServer open(Admin settings) throws AdminStartException {
        Address wanted = settings.address().orElse(null);
        if (wanted == null) {
            LogEvent.ADMIN.on(log).log("Admin: none, as admin.address is empty");
            return null;
        }
        ServerSocketChannel port;
        try {
            port = AdminPort.listen(wanted);
        } catch (AdminStartException e) {
            if (settings.addressRequired()) {
                throw e;
            }
            LogEvent.ADMIN_UNAVAILABLE
                    .on(log)
                    .log("{}; this server runs without metrics, health checks and API", e.getMessage());
            return null;
        }
        try {
            return new AdminServer(settings, TokenFile.load(settings, new SecureRandom()), port);
        } catch (AdminStartException e) {
            AdminPort.close(port);
            throw e;
        }
    }

    /**
     * Begins to serve, and returns at once. It serves once the connection server accepts clients, or after
     * {@value #HEAD_START_MILLIS} ms. Earlier, its classes would be loaded beside those of the start, and slow that down.
     */
    public void start(AdminHost host) {
        String listensOn = NetUtil.toSocketAddressString(address());
        LogEvent.ADMIN
                .on(log)
                .addKeyValue(LogField.ADDRESS.key(), listensOn)
                .log(
                        "Admin: http://{} ({})",
                        listensOn,
                        token == null ? "no token: nothing can be changed" : "token in " + settings.tokenFile());
        Thread starter = new Thread(() -> serve(host), "voltlane-admin-start");
        starter.setDaemon(true);
        starter.start();
    }

    private void serve(AdminHost host) {
        letStart(host.server());
        if (http.isDone()) {
            return; // closed meanwhile
        }
        HttpServer server = new HttpServer(token, Set.copyOf(settings.hosts()));
        try {
            server.serve(port, routes(host, server));
            if (!http.complete(server)) {
                server.close(); // closed meanwhile
            }
        } catch (RuntimeException | Error e) {
            server.close();
            AdminPort.close(port);
            http.complete(null);
            LogEvent.ADMIN_FAILED.on(log).setCause(e).log("Admin: internal error, there is no admin server");
        }
    }

    /** Leaves the processors to the start of the connection server, as long as it does not take long. */
    private static void letStart(VoltlaneServer server) {
        try {
            server.listening().toCompletableFuture().get(HEAD_START_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Operators want to know why.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The routes of all parts. */
    static List<Route> routes(AdminHost host, HttpServer http) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(HealthRoutes.of(host.server()));
        History history = new History(Figures.of(host.server()), System::nanoTime, InstantSource.system());
        routes.addAll(new HistoryEndpoint(history).routes());
        routes.addAll(new EventsEndpoint(host.events()).routes());
        routes.add(MetricsEndpoint.route(host, http::figures));
        InstantSource clock = InstantSource.system();
        Instant startedAt = clock.instant();
        Supplier<ServerStatus> status = () -> ServerStatus.of(host, startedAt, clock.instant());
        LiveFeed feed = new LiveFeed(history, status, host.events());
        feed.start(http.executor());
        routes.addAll(feed.routes());
        routes.addAll(ApiRoutes.of(host, status));
        routes.addAll(Assets.routes());
        return routes;
    }

    /** The address that is listened on, with the port that was found if none was asked for. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) port.getLocalAddress();
        } catch (IOException e) {
            throw new IllegalStateException("closed", e);
        }
    }

    /** Closes the port and all connections. Returns at once. */
    @Override
    public void close() {
        if (http.complete(null)) {
            AdminPort.close(port);
            return;
        }
        HttpServer server = http.join();
        if (server != null) {
            server.close();
        }
    }
}
