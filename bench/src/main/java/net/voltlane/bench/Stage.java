package net.voltlane.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.voltlane.bench.firehose.BenchBackend;
import net.voltlane.bench.load.Fleet;
import net.voltlane.bench.load.Ids;
import net.voltlane.bench.load.Opening;
import net.voltlane.bench.load.Payload;
import net.voltlane.bench.load.Step;
import net.voltlane.bench.load.Transport;
import net.voltlane.bench.model.FaultCounts;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Figure.Unit;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.RunEnvironment;
import net.voltlane.protocol.SystemWords;
import org.jspecify.annotations.Nullable;

/** All that a scenario plays with: server, backend, clients, recorder. Closing it ends what was started. */
final class Stage implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int FIREHOSE_SECONDS = 15;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Plan plan;
    private final Progress progress;
    private final Transport transport = Transport.best();
    private final Ids ids;
    private final Payload payload;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private @Nullable BenchBackend backend;
    private ServerLauncher.@Nullable Launched launched;
    private SocketAddress server;
    private ProcessWatch watch;
    private @Nullable Fleet fleet;
    private @Nullable Recorder recorder;
    private FaultCounts backendFaults = FaultCounts.NONE;

    private Stage(Plan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
        int clients = plan.load().clients();
        ids = new Ids(clients + 1); // one more: the one that stalls
        payload = new Payload(plan.load().sizeBytes(), clients + 1);
        SocketAddress named = plan.target().server();
        server = named == null ? new InetSocketAddress(LOOPBACK, 0) : named;
        watch = new ProcessWatch(plan.target().serverPid());
    }

    static Stage set(Plan plan, ServerLauncher launcher, Progress progress)
            throws BenchException, InterruptedException {
        Stage stage = new Stage(plan, progress);
        try {
            Descriptors.check(plan);
            stage.setUp(launcher);
            return stage;
        } catch (BenchException | InterruptedException | RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    private void setUp(ServerLauncher launcher) throws BenchException, InterruptedException {
        SocketAddress named = plan.target().server();
        InetSocketAddress wanted = plan.target().backend();
        if (named == null) {
            BenchBackend own = listen(new InetSocketAddress(LOOPBACK, 0));
            ServerLauncher.Launched started = launcher.launch(own.address());
            launched = started;
            server = started.address();
            watch = new ProcessWatch(started.pid());
            progress.note("started: " + started.description() + ", and an echoing backend for it on "
                    + text(own.address()) + " in this process");
        } else {
            resolve(named);
            if (wanted != null) {
                progress.note("waiting for the server's firehose on " + text(wanted));
                if (!listen(wanted).awaitFirehose(FIREHOSE_SECONDS)) {
                    throw new BenchException("no connection server came to " + text(wanted) + " within "
                            + FIREHOSE_SECONDS + " s (expected: its master.address points there)");
                }
            }
        }
        Fleet all = new Fleet(plan, server, transport, opening(), payload, ids);
        fleet = all;
        recorder = new Recorder(all, progress, watch, !plan.timing().warmup().isZero());
    }

    private Opening opening() throws BenchException {
        try {
            return Opening.by(plan.target().via());
        } catch (IOException e) {
            throw new BenchException(String.valueOf(e.getMessage()));
        }
    }

    private BenchBackend listen(InetSocketAddress address) throws BenchException {
        try {
            BenchBackend own = BenchBackend.listen(address, transport, payload, ids);
            backend = own;
            return own;
        } catch (IOException e) {
            throw new BenchException(SystemWords.of(e));
        }
    }

    private void resolve(SocketAddress named) throws BenchException {
        if (!(named instanceof InetSocketAddress address)) {
            if (plan.generator().sourceAddresses() > 1) {
                throw new BenchException("source-addresses: " + plan.generator().sourceAddresses()
                        + " (expected: 1 for a Unix socket, whose clients have no ports)");
            }
            return;
        }
        if (address.isUnresolved()) {
            throw new BenchException("server: " + text(address) + " (expected: a host that is known)");
        }
        InetAddress host = address.getAddress();
        if (plan.generator().sourceAddresses() > 1 && !host.isLoopbackAddress()) {
            throw new BenchException("source-addresses: " + plan.generator().sourceAddresses()
                    + " (expected: 1 for a server that is not on loopback)");
        }
    }

    // ---- what there is

    Plan plan() {
        return plan;
    }

    Payload payload() {
        return payload;
    }

    Ids ids() {
        return ids;
    }

    ProcessWatch watch() {
        return watch;
    }

    Fleet fleet() {
        return there(fleet);
    }

    Recorder recorder() {
        return there(recorder);
    }

    /** Only for scenarios that {@linkplain net.voltlane.bench.model.Scenario#needsOwnBackend need it}. */
    BenchBackend backend() {
        return there(backend);
    }

    private static <T> T there(@Nullable T part) {
        if (part == null) {
            throw new AssertionError("the stage is not set");
        }
        return part;
    }

    RunEnvironment surroundings() {
        ServerLauncher.Launched started = launched;
        return RunEnvironment.here(
                ProjectVersion.number(),
                started == null ? "not known: a server does not tell" : started.version(),
                started == null ? plan.target().via().text(text(server)) : started.description(),
                backend == null
                        ? "one of the server's"
                        : "the bench's own, on " + text(backend.address()) + ", firehose " + backend.version(),
                transport.name() + there(fleet).opening().name());
    }

    // ---- what is found

    List<Figure> figures() {
        return figures;
    }

    List<String> notes() {
        return notes;
    }

    void figure(String name, String label, double value, Unit unit) {
        figures.add(Figure.of(name, label, value, unit));
    }

    void figure(String name, String label, double value, Unit unit, String remark) {
        figures.add(new Figure(name, label, value, unit, remark));
    }

    /** Says that messages were due and not sent; their wait was counted. */
    void unsent(long messages) {
        figure("unsent", "due but not sent", messages, Unit.COUNT, "the server took no more; their wait is counted");
        notes.add("The server did not keep up with the rate that was asked for.");
    }

    /** Adds messages that the backend sent and no client got. */
    void lost(long messages) {
        if (messages > 0) {
            backendFaults = backendFaults.plus(new FaultCounts(
                    messages, 0, 0, 0, 0, 0, messages + " messages of the backend had not come at the end"));
        }
    }

    FaultCounts faults() {
        FaultCounts all = recorder().faults().plus(backendFaults);
        long mistaken = backend == null ? 0 : backend.mistaken();
        return mistaken == 0
                ? all
                : all.plus(new FaultCounts(
                        0, 0, mistaken, 0, 0, 0, "a message came to the backend under another client's id"));
    }

    // ---- what scenarios have in common

    /** Opens all sessions before what is measured begins. */
    void open(Step step) throws BenchException, InterruptedException {
        long start = System.nanoTime();
        await(fleet().roll(step, false), "to open");
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        int clients = plan.load().clients();
        figure("sessions", "sessions", clients, Unit.COUNT);
        progress.note(String.format(
                Locale.ROOT, "%,d sessions opened in %.2f s (%,.0f/s)", clients, seconds, clients / seconds));
    }

    /** Waits for a step, as long as it gets on. */
    void await(CompletableFuture<Integer> roll, String what) throws BenchException, InterruptedException {
        long before = -1;
        while (!recorder().awaitQuietly(roll, QUIET_NANOS)) {
            long now = fleet().ready();
            if (now == before || now == plan.load().clients()) {
                break;
            }
            before = now;
        }
        FaultCounts faults = fleet().faults();
        if (faults.total() > 0) {
            throw new BenchException(faults.total() + " clients failed " + what + " their sessions; " + faults.first());
        }
        if (!roll.isDone()) {
            throw new BenchException("no answer for " + TimeUnit.NANOSECONDS.toSeconds(QUIET_NANOS) + " s: "
                    + fleet().ready() + " of " + plan.load().clients() + " sessions are there, but not all get an echo"
                    + " (expected: a backend that echoes, such as voltlane echo)");
        }
    }

    /** Warm-up, then what counts, of something that goes on by itself. */
    void watchOver(String phase) throws InterruptedException {
        warmUp(phase);
        recorder().until(System.nanoTime() + plan.timing().duration().toNanos());
        recorder().finish();
    }

    void warmUp(String phase) throws InterruptedException {
        recorder().begin(phase);
        recorder().until(System.nanoTime() + plan.timing().warmup().toNanos());
        recorder().measure();
    }

    /** Lets clients send no more and waits for what is under way; what does not come then is lost. */
    void settle() throws InterruptedException {
        fleet().stop();
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (fleet().underWay() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        fleet().giveUpWaiting();
        recorder().addLate();
    }

    /** Rate, CPU and memory. {@code what} is what was counted, such as {@code echoes}. */
    void commonFigures(String what) {
        Recorder it = recorder();
        figure("count", what, it.measuredCount(), Unit.COUNT);
        if (it.lateCount() > 0) {
            figure(
                    "late_count",
                    "came after the end",
                    it.lateCount(),
                    Unit.COUNT,
                    "sent before it: in the latencies, not in the rate");
        }
        figure("rate_per_second", what + " a second", it.ratePerSecond(), Unit.PER_SECOND);
        figure("seconds", "measured", it.measuredSeconds(), Unit.SECONDS);
        it.serverCpuSeconds().ifPresent(cpu -> {
            figure("server_cores", "server's CPU", cpu / it.measuredSeconds(), Unit.CORES);
            if (it.measuredCount() > 0) {
                figure(
                        "server_cpu_micros_per_message",
                        "server's CPU for each",
                        cpu * 1e6 / it.measuredCount(),
                        Unit.MICROS);
            }
        });
        watch.residentBytes()
                .ifPresent(bytes -> figure("server_resident_bytes", "server's memory", bytes, Unit.BYTES, "resident"));
        figure("generator_cores", "generator's CPU", it.loadCores(), Unit.CORES, "threads of the clients only");
        if (it.loadCores() > 0.9 * plan.generator().threads()) {
            notes.add(
                    "The generator was busy nearly all the time: it may have measured itself. Give it a core of its own,"
                            + " or more --threads.");
        }
    }

    static String text(SocketAddress named) {
        if (!(named instanceof InetSocketAddress address)) {
            return named.toString();
        }
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    @Override
    public void close() {
        if (fleet != null) {
            fleet.close();
        }
        if (launched != null) {
            launched.close();
        }
        if (backend != null) {
            backend.close();
        }
    }
}
