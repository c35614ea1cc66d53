package net.voltlane.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.VoltlaneBackend;
import org.jspecify.annotations.Nullable;

/**
 * The demo in which servers are killed: real clients and a backend in this process, and servers in processes of their own,
 * of which one after the other is killed and started again. It ends when the time is up and everything that was sent has
 * come, or half a minute later.
 *
 * @param clients how many, at least 1
 * @param seconds how long they talk, at least 1
 * @param redis the program of a Redis server, for three servers; null: one server, which keeps its sessions in a file
 * @param program the name of the main class that runs a server when it is given the argument {@code serve}
 */
public record KillDemo(int clients, int seconds, @Nullable Path redis, String program) {
    private static final String HOST = "127.0.0.1";
    private static final int FLEET = 3;
    private static final int KEY_BYTES = 32;
    private static final long KILL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long TICK_MILLIS = 2;
    /** A burst of three messages on average. */
    private static final int BURSTS_PER_SECOND = 1000;

    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The program of a Redis server; null if there is none in the search path. */
    public static @Nullable Path redisProgram() {
        return RedisProcess.program();
    }

    /**
     * Runs it.
     *
     * @param terminal whether {@code out} is a terminal, where a line can be rewritten
     * @return true if nothing was lost, doubled or mixed up
     * @throws IOException if sockets, files or processes are not to be had
     */
    public boolean run(PrintWriter out, boolean terminal) throws IOException, InterruptedException {
        Screen screen = new Screen(out, terminal);
        introduce(screen);
        Tally tally = new Tally();
        List<Talk> talks = new ArrayList<>(clients);
        for (int i = 0; i < clients; i++) {
            talks.add(new Talk());
        }
        Path folder = Files.createTempDirectory("voltlane-demo");
        try (VoltlaneBackend backend = VoltlaneBackend.listen(
                new InetSocketAddress(HOST, 0), new DemoBackend(talks, tally), BackendOptions.DEFAULT)) {
            withServers(folder, backend.address(), talks, tally, screen);
        } finally {
            delete(folder);
        }
        Report.killTable(tally, clients).forEach(screen::line);
        return tally.isPerfectAfterKills(clients);
    }

    private void introduce(Screen screen) {
        if (redis == null) {
            screen.line("  " + clients + " clients  <==>  Voltlane, on the file store  <-->  backend");
        } else {
            screen.line("  " + clients + " clients  <==>  " + FLEET + " Voltlane servers, on Redis  <-->  backend");
        }
        screen.line("");
        screen.line("Clients and backend send each other numbered messages, and each end checks every one that comes.");
        screen.line(
                redis == null
                        ? "Every two seconds the server is killed with -9, amid traffic, and started again. Its clients"
                        : "Every two seconds one server is killed with -9, amid traffic, and started again. Its clients");
        screen.line(
                redis == null
                        ? "resume their sessions at the new process, which finds them in the store."
                        : "resume their sessions at another server, which finds them in the store.");
        screen.line("");
        screen.line("This takes " + seconds + " seconds:");
        screen.line("");
    }

    private void withServers(Path folder, InetSocketAddress backend, List<Talk> talks, Tally tally, Screen screen)
            throws IOException, InterruptedException {
        Path redisServer = redis;
        if (redisServer == null) {
            show(servers(folder, backend, Map.of("VOLTLANE_STORE_KIND", "file"), 1), talks, tally, screen);
            return;
        }
        try (RedisProcess store = RedisProcess.start(redisServer, folder)) {
            Map<String, String> settings = Map.of("VOLTLANE_STORE_KIND", "redis", "VOLTLANE_STORE_URL", store.url());
            show(servers(folder, backend, settings, FLEET), talks, tally, screen);
        }
    }

    private List<ServerProcess> servers(Path folder, InetSocketAddress backend, Map<String, String> store, int count)
            throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        key[0] = 1; // below the order of the curve, and not 0
        Map<String, String> settings = new HashMap<>(store);
        settings.put("VOLTLANE_LISTENER_KEY", HexFormat.of().formatHex(key));
        settings.put("VOLTLANE_MASTER_ADDRESS", HOST + ":" + backend.getPort());
        settings.put("VOLTLANE_MASTER_PROTOCOL", "3");
        settings.put("VOLTLANE_ADMIN_ADDRESS", "");
        List<ServerProcess> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, String> own = new HashMap<>(settings);
            own.put("VOLTLANE_SERVER_NAME", "demo-" + (i + 1));
            servers.add(new ServerProcess(program, Files.createDirectory(folder.resolve("server-" + (i + 1))), own));
        }
        return servers;
    }

    private void show(List<ServerProcess> servers, List<Talk> talks, Tally tally, Screen screen)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(1);
        long pause = Math.max(MIN_PAUSE_NANOS, TimeUnit.SECONDS.toNanos(clients) / BURSTS_PER_SECOND);
        List<DemoClient> all = new ArrayList<>(clients);
        try {
            for (ServerProcess server : servers) {
                server.start();
            }
            for (ServerProcess server : servers) {
                server.awaitListening();
            }
            for (int i = 0; i < clients; i++) {
                DemoClient client = new DemoClient(i, talks.get(i), tally, random.split(), pause);
                client.connect(addresses(servers, i));
                all.add(client);
            }
            talk(servers, all, tally, screen);
        } finally {
            Demo.close(all);
            for (ServerProcess server : servers) {
                server.kill();
            }
        }
    }

    /** The addresses of all servers; the first is another one for each client, so that all have some. */
    private static String[] addresses(List<ServerProcess> servers, int client) {
        String[] addresses = new String[servers.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = servers.get((client + i) % addresses.length).address();
        }
        return addresses;
    }

    private void talk(List<ServerProcess> servers, List<DemoClient> all, Tally tally, Screen screen)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = TimeUnit.SECONDS.toNanos(seconds);
        long nextKill = Math.min(KILL_EVERY_NANOS, end / 2);
        int victim = 0;
        long now = 0;
        while (now < end || now < end + SETTLE_NANOS && !all.stream().allMatch(DemoClient::isSettled)) {
            if (now >= nextKill && now < end) {
                // Each has its two seconds of life: a slow machine takes longer for all of it.
                servers.get(victim++ % servers.size()).replace();
                tally.kills.increment();
                nextKill = System.nanoTime() - start + KILL_EVERY_NANOS;
            }
            if (now < end) {
                for (DemoClient client : all) {
                    client.tick(now);
                }
            }
            if (screen.isStatusDue(now)) {
                screen.status(Report.killStatus(tally, now), now);
            }
            Thread.sleep(TICK_MILLIS);
            now = System.nanoTime() - start;
        }
        screen.status(Report.killStatus(tally, now), now);
    }

    private static void delete(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
