package net.voltlane.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import net.voltlane.bench.Bench;
import net.voltlane.bench.BenchException;
import net.voltlane.bench.Progress;
import net.voltlane.bench.model.Generator;
import net.voltlane.bench.model.InvalidPlanException;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Moment;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Result;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Target;
import net.voltlane.bench.model.Timing;
import net.voltlane.bench.model.Via;
import net.voltlane.bench.report.HtmlReport;
import net.voltlane.bench.report.JsonReport;
import net.voltlane.bench.report.TextReport;
import net.voltlane.cli.bench.ChildServer;
import net.voltlane.cli.bench.ReportFile;
import net.voltlane.cli.bench.Usable;
import net.voltlane.cli.demo.Screen;
import net.voltlane.cli.usage.Options;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.config.Address;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code voltlane bench}: how fast a deployment is, and whether it makes mistakes. */
@Command(
        name = "bench",
        description = {
            "Measure a server: latency, throughput, and whether every message came back to the right client, in order and"
                    + " unchanged.",
            "",
            "SCENARIO is one of",
            "  echo           messages to the backend and back, by --depth or --rate",
            "  fan-out        the backend sends --rate messages/s, each to every client",
            "  connect-storm  --clients new sessions as fast as they come, again and again",
            "  resume-storm   all links cut and all sessions resumed, again and again",
            "  tls-storm      handshakes of TLS and nothing else, of any server at --server tls://...",
            "  idle           clients that hold still: memory, and whether they stay",
            "  stalled        one client that does not read among many that echo at --rate",
            "",
            "Without --server it starts everything on loopback: a server in a process of its own and an echoing backend."
                    + " Against a running server, have a backend that echoes (voltlane echo); for fan-out and stalled the"
                    + " bench itself must be the backend, see --backend.",
            ""
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Latency is measured from the sending in the closed loop, and from the time at which a message was due in the"
                    + " open loop. Give server and bench cores of their own, for instance by taskset -c 0 and taskset -c 1.",
            "Exit status: 0 only if nothing was lost, reordered, misrouted or closed; 1 otherwise, 2 usage, 130 Ctrl-C."
        })
final class BenchCommand implements Callable<Integer> {

    private static final int MAX_SECONDS = 1_000_000;

    @Parameters(
            paramLabel = "SCENARIO",
            converter = ScenarioConverter.class,
            description = "What to measure, see above.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Scenario scenario;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "How many clients. Default: echo 100, fan-out 1000, connect-storm 2000, resume-storm 1000,"
                    + " tls-storm 2000, idle 5000, stalled 200.")
    private @Nullable Integer clients;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            description =
                    "Size of each message, 4 at least: below 8 the numbers in it are short. Not for connect-storm or tls-storm."
                            + " Default: 64.")
    private @Nullable Integer size;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description =
                    "echo: messages that each client has under way; the next goes out when one is back (closed loop)."
                            + " Default: 1.")
    private @Nullable Integer depth;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Messages a second, all clients together, due by the clock whatever became of those before (open loop)."
                            + " fan-out: messages of the backend, each to all. Default: echo none, fan-out 50, stalled 10000.")
    private @Nullable Long rate;

    @Option(
            names = "--under-way",
            paramLabel = "N",
            description = "Handshakes under way at a time, in storms and when sessions are opened. Default: 64.")
    private @Nullable Integer underWay;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Storms: play this many rounds, instead of as many as fit into --duration.")
    private @Nullable Integer rounds;

    @Option(
            names = "--flood",
            paramLabel = "N",
            description = "stalled: messages of 1 KiB a second to the client that does not read. Default: 20000.")
    private @Nullable Long flood;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            description =
                    "Time before the measuring begins, for compilers and caches to get going. Not for idle. Default: 3.")
    private @Nullable Double warmup;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            description = "For how long to measure. stalled: half of it before the stall. Default: 10.")
    private @Nullable Double duration;

    @Option(
            names = "--server",
            paramLabel = "ADDR",
            converter = ServerUrl.Converter.class,
            description = {
                "Measure the server that listens at this address. Default: start one.",
                "  HOST:PORT or unix:/PATH",
                "  tls://HOST:PORT",
                "  ws://HOST:PORT/PATH or wss://HOST:PORT/PATH"
            })
    private @Nullable ServerUrl server;

    @Mixin
    private final TlsOptions tls = new TlsOptions();

    @Option(
            names = "--tls-resumed",
            description = "connect-storm: after its first link, let each client resume its session of TLS."
                    + " Default: full handshakes.")
    private boolean tlsResumed;

    @Option(
            names = "--backend",
            paramLabel = "ADDR",
            converter = AddressConverter.Dialled.class,
            description =
                    "With --server: be its backend, and listen at this address. The server's master.address has to be the"
                            + " same.")
    private @Nullable Address backend;

    @Option(
            names = "--server-pid",
            paramLabel = "PID",
            description = "With --server: the server's process on this machine, to report its CPU time and memory.")
    private @Nullable Long serverPid;

    @Option(
            names = "--protocol",
            paramLabel = "VERSION",
            description = "Version of the protocol that clients speak, 2 or 3. Default: 2.")
    private @Nullable Integer protocol;

    @Option(
            names = "--firehose",
            paramLabel = "VERSION",
            description =
                    "Version of the firehose of a server that is started, 2 or 3: its master.protocol. Default: that of"
                            + " --protocol, if given. Bench's backend speaks what the server does.")
    private @Nullable Integer firehose;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that make the load. Default: 1, which is enough for most servers.")
    private @Nullable Integer threads;

    @Option(
            names = "--source-addresses",
            paramLabel = "N",
            description = "Spread clients over 127.0.0.1 to 127.0.0.N: each has about 28,000 ports. Default: 1.")
    private @Nullable Integer sourceAddresses;

    @Option(
            names = "--json",
            description = "Print the result as JSON to standard output, and progress to standard error.")
    private boolean json;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "Write a page with charts to this file: HTML that needs nothing else.")
    private @Nullable Path report;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    @SuppressWarnings("try") // logging is on for as long as the block runs; nobody has to name it
    public Integer call() throws InterruptedException {
        refuseUnused();
        Plan plan = plan();
        checkProcess();
        checkReport();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Screen screen = new Screen(json ? err : out, !json && Screen.isTerminal());
        Signals.exit();
        try (Logging logging = Logging.none()) {
            Result result = Bench.run(
                    plan,
                    new ChildServer(
                            Voltlane.class.getName(), plan.load().clients(), firehose == null ? protocol : firehose),
                    onScreen(screen));
            TextReport.table(result).forEach(screen::line);
            if (json) {
                out.print(JsonReport.of(result));
                out.flush();
            }
            if (report != null) {
                ReportFile.write(report, HtmlReport.of(result));
            }
            return result.isFine() ? Exit.FINE : Exit.FAILED;
        } catch (BenchException e) {
            err.println("voltlane bench: " + e.getMessage());
            return Exit.FAILED;
        } catch (IOException e) {
            err.println("voltlane bench: --report " + report + " can't be written: " + SystemWords.of(e));
            return Exit.FAILED;
        }
    }

    /** An option without effect would make its user believe in a measurement that was never made. */
    private void refuseUnused() {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String problem = Usable.problem(option.longestName(), scenario);
            if (problem != null) {
                throw Options.invalid(
                        spec,
                        option.longestName(),
                        option.originalStringValues().get(0) + " (" + problem + ")");
            }
        }
        if (firehose != null && (firehose < Limits.PROTOCOL_VERSION || firehose > Limits.PROTOCOL_VERSION_3)) {
            throw Options.invalid(spec, "--firehose", firehose + " (expected: 2 or 3)");
        }
        if (firehose != null && server != null) {
            throw Options.invalid(
                    spec, "--firehose", firehose + " (expected: without --server, whose master.protocol it would set)");
        }
        if (scenario == Scenario.TLS_STORM && server == null) {
            throw Options.invalid(
                    spec, "--server", "none (expected: an address that begins with tls:// or wss:// for tls-storm)");
        }
        tls.refuseUnused(spec, server);
        if (rounds != null && duration != null) {
            throw Options.invalid(spec, "--rounds", rounds + " (expected: either --rounds or --duration)");
        }
    }

    private void checkProcess() {
        if (serverPid != null && serverPid > 0 && ProcessHandle.of(serverPid).isEmpty()) {
            throw Options.invalid(spec, "--server-pid", serverPid + " (expected: a process on this machine)");
        }
    }

    private void checkReport() {
        if (report != null) {
            try {
                ReportFile.check(report);
            } catch (IOException e) {
                throw Options.invalid(spec, "--report", report + " can't be written: " + SystemWords.of(e));
            }
        }
    }

    private static Progress onScreen(Screen screen) {
        return new Progress() {
            @Override
            public void note(String line) {
                screen.line(line);
            }

            @Override
            public void moment(Moment moment) {
                screen.status(TextReport.progress(moment), System.nanoTime());
            }
        };
    }

    private Plan plan() {
        Load load = Load.defaults(scenario);
        Timing timing = Timing.defaults(scenario);
        try {
            return new Plan(
                    scenario,
                    new Load(
                            or(clients, load.clients()),
                            or(size, load.sizeBytes()),
                            or(depth, load.depth()),
                            or(rate, load.ratePerSecond()),
                            or(underWay, load.underWay()),
                            or(rounds, load.rounds()),
                            or(flood, load.floodPerSecond())),
                    new Timing(or("--warmup", warmup, timing.warmup()), or("--duration", duration, timing.duration())),
                    new Generator(
                            or(threads, Generator.DEFAULT.threads()),
                            or(sourceAddresses, Generator.DEFAULT.sourceAddresses()),
                            or(protocol, Generator.DEFAULT.protocol())),
                    new Target(
                            server == null ? null : server.socket(),
                            server == null ? Via.TCP : server.via(tls.files(), tlsResumed),
                            socket(backend),
                            or(serverPid, 0L)));
        } catch (InvalidPlanException e) {
            throw Options.invalid(spec, "--" + e.name(), e.problem());
        }
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private Duration or(String option, @Nullable Double seconds, Duration otherwise) {
        if (seconds == null) {
            return otherwise;
        }
        // Written so that NaN, which picocli reads as a number, is outside, too.
        if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
            throw Options.invalid(spec, option, seconds + " (expected: seconds from 0 to " + MAX_SECONDS + ")");
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static @Nullable InetSocketAddress socket(@Nullable Address address) {
        return address == null ? null : new InetSocketAddress(address.host(), address.port());
    }

    /** The word of a scenario. */
    static final class ScenarioConverter implements ITypeConverter<Scenario> {

        @Override
        public Scenario convert(String word) {
            Scenario scenario = Scenario.of(word);
            if (scenario == null) {
                throw new TypeConversionException("'" + word
                        + "' (expected: echo, fan-out, connect-storm, resume-storm, tls-storm, idle or stalled)");
            }
            return scenario;
        }
    }
}
