package net.voltlane.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.voltlane.bench.load.Fleet;
import net.voltlane.bench.load.Slice;
import net.voltlane.bench.model.Distribution;
import net.voltlane.bench.model.FaultCounts;
import net.voltlane.bench.model.Moment;
import org.HdrHistogram.Histogram;

/**
 * Asks the fleet once a second what it did, and keeps it. Only what comes between {@link #measure} and {@link #finish}
 * counts. A rate is what came by the time that was <em>busy</em>: storms rest between two rounds. For the one thread
 * that runs the show.
 */
final class Recorder {

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double HALF = 50;
    private static final double NEARLY_ALL = 99;

    /** A last moment shorter than this says little by itself: it is added to the one before. */
    private static final double SHORTEST_MOMENT_SECONDS = 0.25;

    private final Fleet fleet;
    private final Progress progress;
    private final ProcessWatch server;

    private final List<Moment> moments = new ArrayList<>();
    private final Map<String, Histogram> distributions = new LinkedHashMap<>();
    private final boolean hasWarmup;

    /** Of the last moment: what a short one at the end is added to. */
    private Histogram lastCame = Slice.newHistogram();

    private double lastBusySeconds;

    private String phase = "";
    private boolean measuring;
    private boolean busy = true;
    private long originNanos;
    private long tickedNanos;
    private long nextTickNanos;
    private long busySinceNanos;
    private long busyNanos;
    private FaultCounts faults = FaultCounts.NONE;

    private long measuredCount;
    private long lateCount;
    private double measuredSeconds;
    private double busySeconds;
    private long loadCpuNanos;
    private long loadCpuAtStartNanos;
    private OptionalDouble serverCpuAtStart = OptionalDouble.empty();
    private OptionalDouble serverCpuSeconds = OptionalDouble.empty();

    Recorder(Fleet fleet, Progress progress, ProcessWatch server, boolean hasWarmup) {
        this.fleet = fleet;
        this.progress = progress;
        this.server = server;
        this.hasWarmup = hasWarmup;
    }

    /** Begins the warm-up. */
    void begin(String firstPhase) throws InterruptedException {
        phase = firstPhase;
        fleet.take();
        originNanos = System.nanoTime();
        restart(originNanos);
    }

    /** Ends the warm-up: from now on it counts. */
    void measure() throws InterruptedException {
        if (hasWarmup) {
            tick();
        }
        loadCpuAtStartNanos = fleet.take().cpuNanos();
        serverCpuAtStart = server.cpuSeconds();
        measuring = true;
        restart(System.nanoTime());
    }

    /** From now on latencies go under another name. */
    void phase(String next) throws InterruptedException {
        tick();
        phase = next;
    }

    /** Notes whether there is something to do; while there is not, time does not count for rates. */
    void busy(boolean on) {
        long now = System.nanoTime();
        if (busy) {
            busyNanos += now - busySinceNanos;
        }
        busySinceNanos = now;
        busy = on;
    }

    /** Looks on until {@code event} completes or {@code deadlineNanos} has come; says whether it completed. */
    boolean await(CompletableFuture<?> event, long deadlineNanos) throws InterruptedException {
        while (true) {
            long now = System.nanoTime();
            if (now - nextTickNanos >= 0) {
                tick();
                continue;
            }
            long wait = Math.min(deadlineNanos - now, nextTickNanos - now);
            try {
                if (wait > 0 || event.isDone()) {
                    event.get(Math.max(0, wait), TimeUnit.NANOSECONDS);
                    return true;
                }
                return false;
            } catch (TimeoutException e) {
                // the next second, or the deadline
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Waits without looking; says whether it completed. */
    boolean awaitQuietly(CompletableFuture<?> event, long nanos) throws InterruptedException {
        try {
            event.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Looks on until then. */
    void until(long deadlineNanos) throws InterruptedException {
        await(new CompletableFuture<>(), deadlineNanos);
    }

    /** The end of what counts. */
    void finish() throws InterruptedException {
        tick();
        serverCpuSeconds = server.cpuSeconds();
        measuring = false;
    }

    /** Adds what came after the end and had been sent before: it has a latency, but is no part of the rate. */
    void addLate() throws InterruptedException {
        Slice slice = fleet.take();
        faults = slice.faults();
        lateCount += slice.histogram().getTotalCount();
        histogram().add(slice.histogram());
    }

    /** Adds messages that were due and not sent, with the latency that the fleet has noted for them. */
    void addUnsent() throws InterruptedException {
        histogram().add(fleet.take().histogram());
    }

    /** Looks once more at what went wrong. */
    void addFaults() throws InterruptedException {
        faults = fleet.faults();
    }

    /** Adds messages that had not come at the end, with the latency that they had by then. */
    void addUnsent(long latencyNanos, long count) {
        histogram().recordValueWithCount(latencyNanos, count);
    }

    // ---- what it has

    long measuredCount() {
        return measuredCount;
    }

    /** Number of messages that came after the end. */
    long lateCount() {
        return lateCount;
    }

    /** Wall-clock time that counted. */
    double measuredSeconds() {
        return measuredSeconds;
    }

    double ratePerSecond() {
        return busySeconds > 0 ? measuredCount / busySeconds : 0;
    }

    /** The cores that the generator's threads kept busy. */
    double loadCores() {
        return measuredSeconds > 0 ? (loadCpuNanos - loadCpuAtStartNanos) / NANOS_PER_SECOND / measuredSeconds : 0;
    }

    /** The CPU seconds that the server used while it counted. */
    OptionalDouble serverCpuSeconds() {
        return serverCpuAtStart.isPresent() && serverCpuSeconds.isPresent()
                ? OptionalDouble.of(serverCpuSeconds.getAsDouble() - serverCpuAtStart.getAsDouble())
                : OptionalDouble.empty();
    }

    FaultCounts faults() {
        return faults;
    }

    List<Moment> moments() {
        return moments;
    }

    List<Distribution> distributions() {
        List<Distribution> all = new ArrayList<>();
        distributions.forEach((name, histogram) -> all.add(new Distribution(name, histogram)));
        return all;
    }

    private void restart(long now) {
        tickedNanos = now;
        nextTickNanos = now + TICK_NANOS;
        busySinceNanos = now;
        busyNanos = 0;
    }

    private Histogram histogram() {
        return distributions.computeIfAbsent(phase, name -> Slice.newHistogram());
    }

    private void tick() throws InterruptedException {
        Slice slice = fleet.take();
        busy(busy);
        long now = System.nanoTime();
        double seconds = (now - tickedNanos) / NANOS_PER_SECOND;
        double busyFor = busyNanos / NANOS_PER_SECOND;
        faults = slice.faults();
        loadCpuNanos = slice.cpuNanos();
        Histogram came = slice.histogram();
        if (measuring) {
            histogram().add(came);
            measuredCount += came.getTotalCount();
            measuredSeconds += seconds;
            busySeconds += busyFor;
        }
        note(now, seconds, busyFor, came);
        long due = nextTickNanos;
        restart(now);
        if (due > now) {
            nextTickNanos = due; // this one came early, between two phases
        } else if (due + TICK_NANOS > now) {
            nextTickNanos = due + TICK_NANOS;
        }
    }

    /** Every message that counts is in one moment, so that their counts add up. */
    private void note(long now, double seconds, double busySeconds, Histogram came) {
        if (seconds < SHORTEST_MOMENT_SECONDS && continuesLast()) {
            lastCame.add(came);
            lastBusySeconds += busySeconds;
            moments.set(moments.size() - 1, moment(now));
            return;
        }
        lastCame = came;
        lastBusySeconds = busySeconds;
        Moment moment = moment(now);
        moments.add(moment);
        progress.moment(moment);
    }

    private boolean continuesLast() {
        if (moments.isEmpty()) {
            return false;
        }
        Moment last = moments.get(moments.size() - 1);
        return last.warmup() == !measuring && last.phase().equals(phase);
    }

    private Moment moment(long now) {
        return new Moment(
                (now - originNanos) / NANOS_PER_SECOND,
                !measuring,
                phase,
                lastCame.getTotalCount(),
                lastBusySeconds > 0 ? lastCame.getTotalCount() / lastBusySeconds : 0,
                lastCame.getValueAtPercentile(HALF),
                lastCame.getValueAtPercentile(NEARLY_ALL),
                lastCame.getMaxValue(),
                faults.total());
    }
}
