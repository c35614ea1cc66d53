package net.voltlane.bench;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import net.voltlane.bench.model.Generator;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Moment;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Target;
import net.voltlane.bench.model.Timing;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;

/** Short runs against the project's own server in this process. */
final class Runs {

    private static final int SECONDS = 15;

    private Runs() {}

    static Plan plan(Scenario scenario, Load load, long millis, Target target) {
        return plan(scenario, load, millis, target, 2);
    }

    static Plan plan(Scenario scenario, Load load, long millis, Target target, int protocol) {
        return new Plan(
                scenario,
                load,
                new Timing(Duration.ofMillis(50), Duration.ofMillis(millis)),
                new Generator(2, 1, protocol),
                target);
    }

    /** Starts the server; {@code pid} 0, as it has no process of its own. */
    static ServerLauncher inProcess(UnaryOperator<ServerConfig> more) {
        return backend -> {
            VoltlaneServer server = start("127.0.0.1", 0, backend, more);
            InetSocketAddress address = server.listening()
                    .toCompletableFuture()
                    .orTimeout(SECONDS, TimeUnit.SECONDS)
                    .join();
            return new ServerLauncher.Launched() {
                @Override
                public InetSocketAddress address() {
                    return address;
                }

                @Override
                public long pid() {
                    return 0;
                }

                @Override
                public String version() {
                    return "1.2.3";
                }

                @Override
                public String description() {
                    return "a server in this process";
                }

                @Override
                public void close() {
                    stop(server);
                }
            };
        };
    }

    static VoltlaneServer start(String host, int port, InetSocketAddress master, UnaryOperator<ServerConfig> more) {
        ServerConfig config = ServerConfig.defaults();
        return VoltlaneServer.start(more.apply(config.withListener(
                        config.listener().withAddress(new Address(host, port)).withKeyFile(""))
                .withMaster(config.master().withAddress(new Address("127.0.0.1", master.getPort())))));
    }

    static void stop(VoltlaneServer server) {
        server.stop();
        server.ended()
                .toCompletableFuture()
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** For runs that name their server. */
    static final ServerLauncher NONE = backend -> {
        throw new AssertionError("a server is named");
    };

    /** Keeps what it hears. */
    static final class Heard implements Progress {
        final List<String> notes = new ArrayList<>();
        final List<Moment> moments = new ArrayList<>();

        @Override
        public void note(String line) {
            notes.add(line);
        }

        @Override
        public void moment(Moment moment) {
            moments.add(moment);
        }
    }
}
