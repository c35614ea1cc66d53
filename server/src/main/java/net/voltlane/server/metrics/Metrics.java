package net.voltlane.server.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** All figures of one server: the counters of its threads, read as sums, and its gauges. Thread-safe. */
public final class Metrics {
    private final List<Counters> all = new CopyOnWriteArrayList<>();
    private final Map<Gauge, LongSupplier> gauges = new ConcurrentHashMap<>();

    /** Counters for one more thread. */
    public Counters newCounters() {
        Counters counters = new Counters();
        all.add(counters);
        return counters;
    }

    /** The sum over all threads; each part is as fresh as its thread's last store. */
    public long sum(Metric metric) {
        long sum = 0;
        for (Counters counters : all) {
            sum += counters.get(metric);
        }
        return sum;
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

    /** The present value of a gauge that was {@linkplain #register registered}. */
    public long read(Gauge gauge) {
        LongSupplier value = gauges.get(gauge);
        if (value == null) {
            throw new IllegalStateException(gauge + " is not registered");
        }
        return value.getAsLong();
    }
}
