package net.voltlane.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.cli.echo.Echo;
import net.voltlane.server.StartException;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;

/**
 * The demo: real clients, the real server and a backend. It ends when the time is up and everything that was sent has
 * come, or five seconds later.
 *
 * @param clients how many, at least 1
 * @param seconds how long they talk, at least 1
 */
public record Demo(int clients, int seconds) {

    private static final String HOST = "127.0.0.1";
    private static final int START_SECONDS = 10;
    private static final int STOP_SECONDS = 10;
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long TICK_MILLIS = 2;
    private static final long MISSED_PACKETS = 10_000;

    /** Starts the server of a show, given where its backend listens. */
    public interface Starter {
        VoltlaneServer start(InetSocketAddress backend) throws StartException;
    }

    /**
     * Runs it, with a server of its own.
     *
     * @param terminal whether {@code out} is a terminal, where a line can be rewritten
     * @return true if nothing was lost or mixed up
     * @throws IOException if sockets are not to be had
     * @throws StartException if the server can't start
     */
    public boolean run(PrintWriter out, boolean terminal) throws IOException, StartException, InterruptedException {
        return run(out, terminal, backend -> VoltlaneServer.start(config(backend)));
    }

    /** Runs it with the server that {@code starter} starts, and stops that one, too. */
    public boolean run(PrintWriter out, boolean terminal, Starter starter)
            throws IOException, StartException, InterruptedException {
        Screen screen = new Screen(out, terminal);
        introduce(screen);
        try (VoltlaneBackend backend =
                VoltlaneBackend.listen(new InetSocketAddress(HOST, 0), new Echo(), Echo.OPTIONS)) {
            VoltlaneServer server = starter.start(backend.address());
            try {
                Tally tally = talk(listening(server), backend, screen);
                Report.table(tally, clients).forEach(screen::line);
                return tally.isPerfect(clients);
            } finally {
                stop(server);
            }
        }
    }

    private void introduce(Screen screen) {
        screen.line("  " + clients + " clients  <==>  Voltlane  <-->  echo backend        all over real TCP sockets");
        screen.line("");
        screen.line(
                "Every client sends messages and checks that each comes back to it, once and in order. Every third");
        screen.line("client loses its connection on the way, and the backend goes on sending to it. The client then");
        screen.line("reconnects, resumes its session and gets what it missed.");
        screen.line("");
        screen.line("For that this server keeps up to " + Report.count(MISSED_PACKETS)
                + " packets for each absent client:");
        screen.line("clients.missed_packets_buffer_size = " + MISSED_PACKETS
                + ". With the default, 0, the first packet for an");
        screen.line("absent client would end its session.");
        screen.line("");
        screen.line("This takes " + seconds + " seconds:");
        screen.line("");
    }

    private static ServerConfig config(InetSocketAddress backend) {
        ServerConfig defaults = ServerConfig.defaults();
        return defaults.withListener(
                        defaults.listener().withAddress(new Address(HOST, 0)).withKeyFile(""))
                .withMaster(defaults.master().withAddress(new Address(HOST, backend.getPort())))
                .withClients(defaults.clients().withMissedPacketsBufferSize(MISSED_PACKETS));
    }

    private Tally talk(InetSocketAddress server, VoltlaneBackend backend, Screen screen) throws IOException {
        Tally tally = new Tally();
        SplittableRandom random = new SplittableRandom(1);
        try (Selector selector = Selector.open()) {
            Stage stage = new Stage(
                    server, selector, (id, data) -> send(backend, id, data), tally, new SecureRandom(), random);
            List<DemoClient> all = new ArrayList<>(clients);
            for (int i = 0; i < clients; i++) {
                all.add(new DemoClient(i, Plan.of(i, clients, seconds, random), stage));
            }
            loop(selector, all, tally, screen);
            all.forEach(DemoClient::leave);
        }
        return tally;
    }

    /** The backend's news, of its own accord. */
    private static boolean send(VoltlaneBackend backend, long id, byte[] data) {
        Session session = backend.session(id);
        return session != null && session.send(data);
    }

    private void loop(Selector selector, List<DemoClient> all, Tally tally, Screen screen) throws IOException {
        long start = System.nanoTime();
        long end = TimeUnit.SECONDS.toNanos(seconds);
        long now = 0;
        while (now < end || now < end + SETTLE_NANOS && !areSettled(all, now)) {
            selector.select(key -> ((DemoClient) key.attachment()).ready(System.nanoTime() - start), TICK_MILLIS);
            now = System.nanoTime() - start;
            for (DemoClient client : all) {
                client.tick(now);
            }
            if (screen.isStatusDue(now)) {
                screen.status(Report.status(tally, away(all), now), now);
            }
        }
        screen.status(Report.status(tally, away(all), now), now);
    }

    private static boolean areSettled(List<DemoClient> all, long nowNanos) {
        return all.stream().allMatch(client -> client.isSettled(nowNanos));
    }

    private static long away(List<DemoClient> all) {
        return all.stream().filter(DemoClient::isAway).count();
    }

    private static InetSocketAddress listening(VoltlaneServer server) throws IOException, InterruptedException {
        try {
            return server.listening().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException("the server did not start: " + (cause == null ? e : cause).getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("the server was not ready after " + START_SECONDS + " s", e);
        }
    }

    private static void stop(VoltlaneServer server) throws InterruptedException {
        server.stop();
        try {
            server.ended().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The verdict is about messages, and stands by now.
        }
    }
}
