package net.voltlane.cli.demo;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, which can be killed and started again at the same port. One thread. */
final class ServerProcess {
    private static final String HOST = "127.0.0.1";
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_MILLIS = 10;
    private static final int CONNECT_MILLIS = 1_000;
    private static final int LAST_LINES = 5;
    /** Flags of this JVM that matter to another one. What names files of this process, or a debugger, does not. */
    private static final List<String> FLAGS = List.of("--enable-native-access", "--sun-misc", "-XX:+Use", "-XX:-Use");

    private final String program;
    private final Path folder;
    private final Map<String, String> variables;
    private final int port;
    private @Nullable Process process;

    /**
     * @param program the name of its main class
     * @param folder an empty one for its files
     * @param variables its settings, beside the address that clients connect to
     */
    ServerProcess(String program, Path folder, Map<String, String> variables) throws IOException {
        this.program = program;
        this.folder = folder;
        this.variables = variables;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            port = free.getLocalPort();
        }
    }

    /** The address that clients connect to. */
    String address() {
        return HOST + ":" + port;
    }

    /** Starts it, without waiting for it. */
    void start() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> FLAGS.stream().anyMatch(flag::startsWith))
                .forEach(command::add);
        // A server of the demo lives for two seconds: it should start fast, and share the processor.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
        command.addAll(List.of(program, "serve"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("VOLTLANE_"));
        builder.environment().putAll(variables);
        builder.environment().put("VOLTLANE_LISTENER_ADDRESS", address());
        process = builder.start();
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /**
     * Waits until it accepts clients.
     *
     * @throws IOException if it has ended, or does not accept any within a minute
     */
    void awaitListening() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < START_NANOS) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(HOST, port), CONNECT_MILLIS);
                return;
            } catch (IOException notYet) {
                if (process == null || !process.isAlive()) {
                    throw new IOException("a server ended at its start: " + lastWords(), notYet);
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
        throw new IOException("a server was not ready within a minute: " + lastWords());
    }

    /** Kills it, as kill -9 does. */
    void kill() throws InterruptedException {
        Process dying = process;
        if (dying != null) {
            dying.destroyForcibly();
            dying.waitFor(1, TimeUnit.MINUTES);
        }
    }

    /** Kills it, starts it again, and waits until it accepts clients. */
    void replace() throws IOException, InterruptedException {
        kill();
        start();
        awaitListening();
    }

    private Path log() {
        return folder.resolve("log");
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.exists(log()) ? Files.readAllLines(log()) : List.of();
        return String.join(" / ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
