package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.voltlane.server.store.StoreSettings;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import net.voltlane.testkit.Tools;
import org.jspecify.annotations.Nullable;

/** A Redis of a test's own, on a port of the loopback interface, with a folder of its own. */
final class RedisServer implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String REDIS = "redis-server";

    private final String program;
    private final Path folder;
    private final int port;
    private final List<String> options;
    private @Nullable Process process;

    private RedisServer(String program, Path folder, int port, List<String> options) {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.options = options;
    }

    /** Starts Redis; the test is left out where there is none. */
    static RedisServer start(Path folder, String... options) {
        return of(folder, options).start();
    }

    /** Starts a cluster of one node. */
    static RedisServer startCluster(Path folder) {
        RedisServer node = start(folder, "--cluster-enabled", "yes");
        node.ask(redis ->
                redis.clusterAddSlots(IntStream.range(0, SlotHash.SLOT_COUNT).toArray()));
        await().atMost(LIMIT).until(() -> node.ask(redis -> redis.clusterInfo().contains("cluster_state:ok")));
        return node;
    }

    /** A Redis that does not run yet. */
    static RedisServer of(Path folder, String... options) {
        Tools.need(Tools.isInstalled(REDIS), REDIS + " is not installed (Debian: apt-get install redis-server)");
        return new RedisServer(REDIS, folder, Ports.free(), List.of(options));
    }

    /** Starts a sentinel that watches a master under the usual name. */
    static RedisServer startSentinel(Path folder, RedisServer master) throws IOException {
        RedisServer sentinel = of(folder, "--sentinel");
        Path file = folder.resolve("sentinel-" + sentinel.port + ".conf");
        Files.writeString(
                file,
                "port " + sentinel.port + "\nbind 127.0.0.1\nsentinel monitor mymaster 127.0.0.1 " + master.port
                        + " 1\n");
        return sentinel.start(List.of(sentinel.program, file.toString(), "--sentinel"));
    }

    /** Starts another program that speaks as Redis does. */
    static RedisServer startAs(String program, Path folder) {
        return new RedisServer(program, folder, Ports.free(), List.of()).start();
    }

    /** Starts it, or starts it again, and waits until it listens. */
    RedisServer start() {
        List<String> command = new ArrayList<>(
                List.of(program, "--port", "" + port, "--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
        command.addAll(List.of("--appendonly", "no", "--daemonize", "no", "--loglevel", "warning"));
        command.addAll(options);
        return start(command);
    }

    private RedisServer start(List<String> command) {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("redis-" + port + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int listening = options.contains("--tls-port")
                ? Integer.parseInt(options.get(options.indexOf("--tls-port") + 1))
                : port;
        await().atMost(LIMIT).until(() -> ServerProcess.accepts(Ports.loopback(listening)) || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("redis-server: ended at its start\n" + log());
        }
        return this;
    }

    int port() {
        return port;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    static StoreSettings settings(String url, String owner, long timeoutMillis) {
        return settings(url, "voltlane", owner, timeoutMillis);
    }

    static StoreSettings settings(String url, String prefix, String owner, long timeoutMillis) {
        return new StoreSettings(Path.of("unused"), url, prefix, timeoutMillis, owner, "SHA256:key");
    }

    /** Asks Redis something by a connection of its own. */
    <T> T ask(Function<RedisCommands<String, String>, T> question) {
        RedisURI uri = RedisURI.create(url());

        RedisClient client = RedisClient.create();
        try (StatefulRedisConnection<String, String> connection = client.connect(uri)) {
            return question.apply(connection.sync());
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    /** Sends a command that there is no method for; fails if it is answered with an error. */
    void command(String... words) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((String.join(" ", words) + "\r\n").getBytes(UTF_8));
            if (socket.getInputStream().read() == '-') {
                throw new IllegalStateException(words[0] + " is refused");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the process where it is. */
    void pause() {
        signal("STOP");
    }

    /** Lets it go on. */
    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder(
                            "sh", "-c", "kill -s " + name + " " + running().pid())
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("redis-server: can't be sent " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends it at once; what it knew is gone. */
    void kill() {
        running().destroyForcibly();
        running().onExit().join();
    }

    private Process running() {
        if (process == null) {
            throw new AssertionError("redis-server: was not started");
        }
        return process;
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("redis-" + port + ".log"), UTF_8);
        } catch (IOException none) {
            return "";
        }
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
