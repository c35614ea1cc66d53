package net.voltlane.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import net.voltlane.bench.Bench;
import net.voltlane.bench.BenchException;
import net.voltlane.bench.Progress;
import net.voltlane.bench.ProjectVersion;
import net.voltlane.bench.ServerLauncher;
import net.voltlane.bench.model.Generator;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Moment;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Target;
import net.voltlane.bench.model.Timing;
import net.voltlane.server.VoltlaneServer;

/**
 * The training run behind the launcher's cache for faster starts, once after each build: the whole command
 * {@code serve}, with clients and firehoses of both versions that echo, lose their connections and resume. It writes a
 * configuration into the working directory. Picocli is left out, because most starts do not load it, and every start
 * would check it in the cache.
 */
final class Training {

    /**
     * The number of clients, enough for the optimizing compiler to see all of the hot path. With fewer, later servers
     * take seconds longer to become fast. Each client has two descriptors, which fit into the usual limit of 1024.
     */
    private static final int CLIENTS = 400;

    private static final int START_SECONDS = 10;

    private Training() {}

    /** Ends with status 0 if everything was as it should be. */
    public static void main(String[] args) throws Exception {
        // What the main class does, but for the command itself.
        LoggingProvider.install();
        LastWords.install();
        Signals.own();
        Voltlane.plain("serve", List.of("--listen", "127.0.0.1:0"));
        boolean fine = run(Scenario.ECHO, 2, 2, 3_000)
                && run(Scenario.RESUME_STORM, 2, 2, 800)
                && run(Scenario.ECHO, 3, 2, 2_000)
                && run(Scenario.RESUME_STORM, 3, 2, 800)
                && run(Scenario.ECHO, 3, 3, 2_000);
        System.exit(fine ? Exit.FINE : Exit.FAILED);
    }

    private static boolean run(Scenario scenario, int protocol, int firehose, long millis)
            throws BenchException, InterruptedException {
        Plan plan = new Plan(
                scenario,
                new Load(CLIENTS, 64, 1, 0, 64, 0, 1),
                new Timing(Duration.ZERO, Duration.ofMillis(millis)),
                new Generator(1, 1, protocol),
                Target.STARTED);
        return Bench.run(plan, backend -> start(backend, firehose), new Silent())
                .isFine();
    }

    private static ServerLauncher.Launched start(InetSocketAddress backend, int firehose) throws BenchException {
        CompletableFuture<VoltlaneServer> started = new CompletableFuture<>();
        ServeCommand serve = serve(started, firehose);
        serve.setPlain(List.of("--listen", "127.0.0.1:0", "--master", "127.0.0.1:" + backend.getPort()));
        Thread thread = new Thread(
                () -> {
                    try {
                        serve.call();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        started.completeExceptionally(new IllegalStateException("no server was started"));
                    }
                },
                "voltlane-training");
        thread.setDaemon(true);
        thread.start();
        try {
            VoltlaneServer server = started.join();
            InetSocketAddress address = server.listening()
                    .toCompletableFuture()
                    .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                    .join();
            return new Trained(server, address, thread);
        } catch (CompletionException e) {
            throw new BenchException("the server did not start: " + e.getMessage());
        }
    }

    /** Takes no fixed port. */
    private static ServeCommand serve(CompletableFuture<VoltlaneServer> started, int firehose) {
        Map<String, String> environment = new HashMap<>();
        environment.put("VOLTLANE_ADMIN_ADDRESS", "127.0.0.1:0");
        environment.put("VOLTLANE_MASTER_PROTOCOL", Integer.toString(firehose));
        return new ServeCommand(
                config -> {
                    RealServer server = RealServer.start(config);
                    started.complete(server.server());
                    return server;
                },
                Path.of(""),
                environment);
    }

    /** A server of this process, until it is stopped. */
    private record Trained(VoltlaneServer server, InetSocketAddress address, Thread thread)
            implements ServerLauncher.Launched {

        @Override
        public long pid() {
            return 0;
        }

        @Override
        public String version() {
            return ProjectVersion.number();
        }

        @Override
        public String description() {
            return "a server in training";
        }

        @Override
        public void close() {
            server.stop();
            try {
                thread.join(TimeUnit.SECONDS.toMillis(START_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Silent implements Progress {
        @Override
        public void note(String line) {}

        @Override
        public void moment(Moment moment) {}
    }
}
