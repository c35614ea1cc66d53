package net.voltlane.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.bench.BenchException;
import net.voltlane.bench.ServerLauncher;
import net.voltlane.protocol.SystemWords;
import org.jspecify.annotations.Nullable;

/**
 * {@code voltlane serve} in a process of its own, with this JVM's flags, in an empty folder. It does not outlive the
 * run: it is stopped at its end, by a shutdown hook when this process is told to end, and by itself should this process
 * be killed, since it does not wait for a backend that went away.
 */
public final class ChildServer implements ServerLauncher {

    private static final int START_SECONDS = 30;
    private static final int STOP_SECONDS = 10;
    private static final int MAX_LINES_TOLD = 5;
    private static final Pattern LISTENING = Pattern.compile("clients are accepted on ([0-9.]+):(\\d+)");

    private static final Pattern VERSION = Pattern.compile("Starting Voltlane (\\S+) on");

    /** Flags that are for this process alone. */
    private static final List<String> OWN_FLAGS = List.of("-agentlib:", "-agentpath:", "-javaagent:", "-Dvoltlane.");

    private final int clients;
    private final String mainClass;
    private final @Nullable Integer firehose;

    /**
     * @param mainClass the class that takes the command line
     * @param clients how many sessions it has to remember at least
     * @param firehose the version of its firehose, 2 or 3; null for what the environment says, or its default
     */
    public ChildServer(String mainClass, int clients, @Nullable Integer firehose) {
        this.mainClass = mainClass;
        this.clients = clients;
        this.firehose = firehose;
    }

    @Override
    public Launched launch(InetSocketAddress backend) throws BenchException, InterruptedException {
        try {
            Path folder = Files.createTempDirectory("voltlane-bench");
            return listening(start(folder, backend), folder);
        } catch (IOException e) {
            throw new BenchException("the server can't be started: " + SystemWords.of(e));
        }
    }

    private Process start(Path folder, InetSocketAddress backend) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(backend))
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.put("VOLTLANE_LOG_LEVEL", "info");
        environment.put("VOLTLANE_GENERAL_LOG_FORMAT", "text");
        environment.put("VOLTLANE_LISTENER_KEY_FILE", "");
        environment.put("VOLTLANE_ADMIN_ADDRESS", "");
        environment.put("VOLTLANE_MASTER_RECONNECT_TIMEOUT_SECS", "0");
        if (firehose != null) {
            environment.put("VOLTLANE_MASTER_PROTOCOL", firehose.toString());
        }
        environment.putIfAbsent("VOLTLANE_CLIENTS_MAX_STALE_CLIENTS", Integer.toString(Math.max(65_535, 2 * clients)));
        return builder.start();
    }

    private List<String> command(InetSocketAddress backend) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> OWN_FLAGS.stream().noneMatch(flag::startsWith))
                .forEach(command::add);
        command.add("-cp");
        command.add(absolute(System.getProperty("java.class.path")));
        command.add(mainClass);
        command.addAll(List.of("serve", "--listen", "127.0.0.1:0", "--master", "127.0.0.1:" + backend.getPort()));
        return command;
    }

    /** The server runs in another folder. */
    private static String absolute(String classPath) {
        String separator = System.getProperty("path.separator");
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(Pattern.quote(separator))) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(separator, entries);
    }

    private static Launched listening(Process process, Path folder) throws BenchException, InterruptedException {
        Running running = new Running(process, folder);
        try {
            running.address = running.reading.get(START_SECONDS, TimeUnit.SECONDS);
            return running;
        } catch (ExecutionException | TimeoutException e) {
            running.close();
            throw new BenchException("the server did not start: " + running.lastLines());
        } catch (InterruptedException e) {
            running.close();
            throw e;
        }
    }

    private static final class Running implements Launched {

        private final Process process;
        private final Path folder;
        private final Thread hook;
        private final CompletableFuture<InetSocketAddress> reading = new CompletableFuture<>();
        private final List<String> lines = new ArrayList<>();
        private volatile String version = "not known: it did not say";
        private InetSocketAddress address = new InetSocketAddress(0);

        private Running(Process process, Path folder) {
            this.process = process;
            this.folder = folder;
            hook = new Thread(this::end, "bench-server-end");
            Runtime.getRuntime().addShutdownHook(hook);
            Thread reader = new Thread(this::read, "bench-server-log");
            reader.setDaemon(true);
            reader.start();
        }

        @Override
        public InetSocketAddress address() {
            return address;
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public String description() {
            return "voltlane serve on 127.0.0.1:" + address.getPort() + ", process " + process.pid();
        }

        @Override
        public void close() {
            end();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // it runs already
            }
        }

        private void end() {
            process.destroy();
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
            delete(folder);
        }

        /** Its log is read to the end, or it would have to wait; the last lines say why it did not start. */
        private void read() {
            try (BufferedReader log =
                    new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = log.readLine(); line != null; line = log.readLine()) {
                    keep(line);
                    Matcher starting = VERSION.matcher(line);
                    if (starting.find()) {
                        version = starting.group(1);
                    }
                    Matcher found = LISTENING.matcher(line);
                    if (found.find()) {
                        reading.complete(new InetSocketAddress(found.group(1), Integer.parseInt(found.group(2))));
                    }
                }
            } catch (IOException e) {
                keep(e.toString());
            }
            reading.completeExceptionally(new IOException("it ended"));
        }

        private synchronized void keep(String line) {
            lines.add(line);
            if (lines.size() > MAX_LINES_TOLD) {
                lines.remove(0);
            }
        }

        private synchronized String lastLines() {
            return lines.isEmpty() ? "it said nothing" : String.join("; ", lines);
        }

        private static void delete(Path folder) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                // temporary files; whoever cleans /tmp finds them
            }
        }
    }
}
