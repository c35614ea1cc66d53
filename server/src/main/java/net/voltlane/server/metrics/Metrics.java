package net.voltlane.server.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** All figures of one server: the counters of its threads, read as sums, and its gauges. Thread-safe. */
public final class Metrics implements Figures {
    private final List<Counters> all = new CopyOnWriteArrayList<>();
    private final List<LoopRecord> loops = new CopyOnWriteArrayList<>();
    private final Map<Gauge, LongSupplier> gauges = new ConcurrentHashMap<>();

    /** Counters for one more thread. */
    public Counters newCounters() {
        Counters counters = new Counters();
        all.add(counters);
        return counters;
    }

    /** The record of one more event loop. Loops are numbered from 0 in the order of these calls. */
    public LoopRecord newLoop() {
        LoopRecord loop = new LoopRecord();
        loops.add(loop);
        return loop;
    }

    /**
     * Says where the value of a gauge is read, once for each gauge.
     *
     * @param value called on any thread; takes no lock
     */
    public void register(Gauge gauge, LongSupplier value) {
        LongSupplier before = gauges.putIfAbsent(gauge, value);
        assert before == null : gauge + " is registered already";
    }

    @Override
    public long sum(Metric metric) {
        long sum = 0;
        for (Counters counters : all) {
            sum += counters.get(metric);
        }
        return sum;
    }

    @Override
    public boolean has(Gauge gauge) {
        return gauges.containsKey(gauge);
    }

    /** The present value of a gauge that was {@linkplain #register registered}. */
    @Override
    public long read(Gauge gauge) {
        LongSupplier value = gauges.get(gauge);
        if (value == null) {
            throw new IllegalStateException(gauge + " is not registered");
        }
        return value.getAsLong();
    }

    @Override
    public long sumNanos(Timing timing) {
        long sum = 0;
        for (Counters counters : all) {
            sum += counters.sumNanos(timing);
        }
        return sum;
    }

    @Override
    public long[] buckets(Timing timing) {
        long[] buckets = new long[timing.buckets()];
        for (Counters counters : all) {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] += counters.bucket(timing, i);
            }
        }
        return buckets;
    }

    @Override
    public long[] read(LoopFigure figure) {
        return loops.stream().mapToLong(loop -> loop.reader(figure).getAsLong()).toArray();
    }
}
