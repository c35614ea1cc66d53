package net.voltlane.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.cli.relay.Relay;
import net.voltlane.protocol.Limits;
import net.voltlane.server.StartException;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;

/**
 * The demo: real clients, the real server and a backend, and two relays that cut their connections in the middle of
 * traffic. It ends when the time is up and everything that was sent has come, or ten seconds later.
 *
 * @param clients how many, at least 1
 * @param seconds how long they talk, at least 1
 * @param transports how clients reach the server
 */
public record Demo(int clients, int seconds, Transports transports) {

    private static final String HOST = "127.0.0.1";
    private static final int START_SECONDS = 10;
    private static final int STOP_SECONDS = 10;
    private static final int CLOSING_THREADS = 16;
    private static final int CLOSE_SECONDS = 10;
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long TICK_MILLIS = 2;

    private static final long LINK_CUT_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(15);
    private static final long FIREHOSE_CUT_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(350);

    /** A burst of three messages on average. */
    private static final int BURSTS_PER_SECOND = 1000;

    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * Runs it, with a server of its own.
     *
     * @param terminal whether {@code out} is a terminal, where a line can be rewritten
     * @return true if nothing was lost, doubled or mixed up
     * @throws IOException if sockets are not to be had
     * @throws StartException if the server can't start
     */
    public boolean run(PrintWriter out, boolean terminal) throws IOException, StartException, InterruptedException {
        Screen screen = new Screen(out, terminal);
        introduce(screen);
        Tally tally = new Tally();
        List<Talk> talks = new ArrayList<>(clients);
        for (int i = 0; i < clients; i++) {
            talks.add(new Talk());
        }
        try (VoltlaneBackend backend = VoltlaneBackend.listen(
                        new InetSocketAddress(HOST, 0), new DemoBackend(talks, tally), BackendOptions.DEFAULT);
                Relay firehoses = Relay.forFirehose(backend.address(), tally.firehoses, FIREHOSE_CUT_EVERY_NANOS)) {
            VoltlaneServer server = VoltlaneServer.start(config(firehoses.address()));
            List<Relay> links = new ArrayList<>();
            try {
                awaitListening(server);
                for (String listener : transports.listeners()) {
                    InetSocketAddress address = (InetSocketAddress)
                            Objects.requireNonNull(server.addresses().get(listener));
                    links.add(Relay.forClients(address, tally.links, LINK_CUT_EVERY_NANOS));
                }
                show(links, firehoses, talks, tally, screen);
            } finally {
                links.forEach(Relay::close);
                stop(server);
            }
        }
        Report.table(tally, clients).forEach(screen::line);
        return tally.isPerfect(clients);
    }

    private void introduce(Screen screen) {
        screen.line(
                "  " + clients + " clients  <==>  Voltlane  <-->  backend        all over real " + transports.words());
        screen.line("");
        screen.line("Clients and backend send each other numbered messages, and each end checks every one that comes.");
        screen.line(
                "Meanwhile connections are cut in the middle of traffic, with resets: those of the clients, and the");
        screen.line(
                "one to the backend. Whatever lies in their buffers is gone. The clients resume their sessions, and");
        screen.line("protocol 3 sends again what was not acknowledged, by either end.");
        screen.line("");
        screen.line("This takes " + seconds + " seconds:");
        screen.line("");
    }

    private ServerConfig config(InetSocketAddress backend) {
        ServerConfig defaults = ServerConfig.defaults();
        ServerConfig config = defaults.withListener(
                        defaults.listener().withAddress(new Address(HOST, 0)).withKeyFile(""))
                .withMaster(defaults.master()
                        .withAddress(new Address(HOST, backend.getPort()))
                        .withProtocol(Limits.PROTOCOL_VERSION_3));
        return transports.areWebSocketToo()
                ? config.withWebSocket(config.webSocket().withAddress(new Address(HOST, 0)))
                : config;
    }

    private void show(List<Relay> links, Relay firehoses, List<Talk> talks, Tally tally, Screen screen)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(1);
        long pause = Math.max(MIN_PAUSE_NANOS, TimeUnit.SECONDS.toNanos(clients) / BURSTS_PER_SECOND);
        List<DemoClient> all = new ArrayList<>(clients);
        try {
            for (int i = 0; i < clients; i++) {
                DemoClient client = new DemoClient(i, talks.get(i), tally, random.split(), pause);
                int way = i % links.size();
                InetSocketAddress address = links.get(way).address();
                boolean isWebSocket = transports.listeners().get(way).equals("websocket");
                client.connect((isWebSocket ? "ws://" : "") + address.getHostString() + ":" + address.getPort());
                all.add(client);
            }
            talk(links, firehoses, all, tally, screen);
        } finally {
            links.forEach(relay -> relay.cutting(false));
            firehoses.cutting(false);
            close(all);
        }
    }

    private void talk(List<Relay> links, Relay firehoses, List<DemoClient> all, Tally tally, Screen screen)
            throws InterruptedException {
        long start = System.nanoTime();
        long end = TimeUnit.SECONDS.toNanos(seconds);
        long now = 0;
        while (now < end || now < end + SETTLE_NANOS && !areSettled(all, tally)) {
            boolean isCutting = now < end;
            links.forEach(relay -> relay.cutting(isCutting));
            firehoses.cutting(isCutting);
            if (now < end) {
                for (DemoClient client : all) {
                    client.tick(now);
                }
            }
            if (screen.isStatusDue(now)) {
                screen.status(Report.status(tally, now), now);
            }
            Thread.sleep(TICK_MILLIS);
            now = System.nanoTime() - start;
        }
        screen.status(Report.status(tally, now), now);
    }

    private static boolean areSettled(List<DemoClient> all, Tally tally) {
        return tally.isWhole() && all.stream().allMatch(DemoClient::isSettled);
    }

    /** Lets all clients leave, some at a time: each waits a little for the server's last word. */
    static void close(List<DemoClient> all) throws InterruptedException {
        ExecutorService closers = Executors.newFixedThreadPool(CLOSING_THREADS, body -> {
            Thread thread = new Thread(body, "demo-close");
            thread.setDaemon(true);
            return thread;
        });
        CountDownLatch open = new CountDownLatch(all.size());
        for (DemoClient client : all) {
            closers.execute(() -> {
                try {
                    client.close();
                } finally {
                    open.countDown();
                }
            });
        }
        closers.shutdown();
        open.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static void awaitListening(VoltlaneServer server) throws IOException, InterruptedException {
        try {
            server.listening().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
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
