package net.voltlane.systemtest.outliving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.voltlane.client.ClientException;
import net.voltlane.client.Protocol;
import net.voltlane.client.SendQueueFullException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Servers with one key and one store, a backend, and clients that talk all the time. For one thread, which is the test's;
 * the clients talk on another one.
 */
final class Scene implements AutoCloseable {
    /** The time in which everything has to be in order again. Machines are slow. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int KEY_BYTES = 32;
    private static final long ROUND_MILLIS = 10;

    private final Path folder;
    private final Map<String, String> variables = new HashMap<>();
    private final CountingBackend backend = new CountingBackend();
    private final List<Server> servers = new ArrayList<>();
    private final List<Talker> talkers = new CopyOnWriteArrayList<>();
    private final Thread talking = new Thread(this::talk, "talking");
    private volatile boolean quiet;
    private volatile boolean over;
    private volatile @Nullable Throwable failure;

    Scene() {
        try {
            folder = Files.createTempDirectory("voltlane-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        variables.put("VOLTLANE_LISTENER_KEY", key());
        variables.put("VOLTLANE_MASTER_PROTOCOL", "3");
        variables.put("VOLTLANE_CLIENTS_HEARTBEAT_MIN_SECS", "1");
        variables.put("VOLTLANE_CLIENTS_MISSED_PACKETS_BUFFER_SIZE", "10000");
        master(backend.address());
        talking.setDaemon(true);
        talking.start();
    }

    /** A secret key of a server, as a setting. */
    static String key() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        key[0] = 1; // below the order of the curve, and not 0
        return HexFormat.of().formatHex(key);
    }

    /** Sets a variable for the servers that are added from now on. */
    Scene with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** Sets where servers reach the backend, if not directly. */
    void master(InetSocketAddress address) {
        variables.put("VOLTLANE_MASTER_ADDRESS", "127.0.0.1:" + address.getPort());
    }

    /** Starts servers. */
    Scene servers(int count) {
        for (int i = 0; i < count; i++) {
            servers.add(new Server(folder.resolve("server-" + i), variables));
        }
        servers.forEach(Server::awaitListening);
        return this;
    }

    Server server(int number) {
        return servers.get(number);
    }

    List<Server> servers() {
        return servers;
    }

    CountingBackend backend() {
        return backend;
    }

    Path folder() {
        return folder;
    }

    /** Connects clients, each to another server first. They begin to talk at once. */
    List<Talker> talkers(int count, Protocol protocol) throws ClientException, InterruptedException {
        List<Talker> more = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            more.add(talker(i % servers.size(), protocol));
        }
        return more;
    }

    /** Connects a client to this server first. */
    Talker talker(int server, Protocol protocol) throws ClientException, InterruptedException {
        String[] addresses = new String[servers.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = servers.get((server + i) % addresses.length).address();
        }
        Talker talker = new Talker(talkers.size(), protocol, addresses);
        backend.expect(talker);
        talkers.add(talker);
        return talker;
    }

    List<Talker> talkers() {
        return talkers;
    }

    /** A client that has vanished for good is no longer waited for. */
    void forget(Talker talker) {
        talkers.remove(talker);
    }

    private void talk() {
        try {
            while (!over) {
                for (Talker talker : talkers) {
                    if (!quiet) {
                        talker.say();
                        backend.sayTo(talker);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(ROUND_MILLIS);
            }
        } catch (ClientException | SendQueueFullException | InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    /** Waits until each client has got an answer to what it has said after now; gives back the milliseconds that took. */
    long awaitServed() {
        long now = System.nanoTime();
        return awaitServedSince(now);
    }

    /** Waits until each client has got an answer to what it has said after then; gives back the milliseconds since then. */
    long awaitServedSince(long nanos) {
        await("every client is served", () -> talkers.stream().allMatch(talker -> talker.isServedSince(nanos)));
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Falls silent, and waits until everything that was said has come. */
    void settle() {
        quiet = true;
        await(
                "everything that was said has come",
                () -> talkers.stream().filter(Talker::isExact).allMatch(Talker::isEven));
        quiet = false;
    }

    /** Fails unless each packet came once, and each session lives on without the backend having noticed anything. */
    void assertUnnoticed() {
        assertThat(failure).isNull();
        assertThat(faults()).isEmpty();
        for (Talker talker : talkers) {
            assertThat(talker.ended()).as(talker.toString()).isEmpty();
            assertThat(backend.starts(talker.session()))
                    .as("starts of " + talker)
                    .isEqualTo(1);
            assertThat(backend.ends(talker.session())).as("ends of " + talker).isEmpty();
        }
        assertThat(backend.sessions()).as("sessions of the backend").isEqualTo(talkers.size());
        for (Server server : servers) {
            assertThat(server.shame()).as(server.address()).isEmpty();
        }
    }

    private List<String> faults() {
        return Stream.concat(
                        backend.faults().stream(),
                        talkers.stream()
                                .filter(Talker::isExact)
                                .flatMap(talker ->
                                        Stream.concat(talker.up.faults().stream(), talker.down.faults().stream())))
                .collect(Collectors.toList());
    }

    /** The numbers of all sessions. */
    Set<Long> sessions() {
        return talkers.stream().map(Talker::session).collect(Collectors.toSet());
    }

    long packets() {
        return talkers.stream()
                .mapToLong(talker -> talker.up.came() + talker.down.came())
                .sum();
    }

    int resumes() {
        return talkers.stream().mapToInt(Talker::resumes).sum();
    }

    /** Waits for something; on failure tells of all clients that are not in order, and what servers have printed. */
    void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    what + ": not within " + LIMIT.toSeconds() + " s; " + failure + "\n" + report(), e);
        }
    }

    private String report() {
        Stream<String> clients = talkers.stream()
                .map(talker -> talker + ", backend: starts " + backend.starts(talker.session()) + ", ends "
                        + backend.ends(talker.session()));
        Stream<String> processes = servers.stream().map(Server::report);
        return Stream.of(faults().stream(), clients, processes)
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        over = true;
        talking.interrupt();
        talkers.parallelStream().forEach(Talker::leave);
        servers.forEach(Server::close);
        backend.close();
        delete();
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
