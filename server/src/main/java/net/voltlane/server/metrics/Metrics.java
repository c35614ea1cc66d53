package net.voltlane.server.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The counters of all threads of one server, read as sums. Thread-safe. */
public final class Metrics {
    private final List<Counters> all = new CopyOnWriteArrayList<>();

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
}
