package net.voltlane.admin.history;

import java.util.EnumMap;
import java.util.Map;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;

/** Figures that a test sets; all are 0 at first. */
final class FakeFigures implements Figures {
    private final Map<Metric, Long> counts = new EnumMap<>(Metric.class);
    private final Map<Gauge, Long> gauges = new EnumMap<>(Gauge.class);
    private long heapUsedBytes;

    void add(Metric metric, long n) {
        counts.merge(metric, n, Long::sum);
    }

    void set(Gauge gauge, long value) {
        gauges.put(gauge, value);
    }

    void heapUsedBytes(long bytes) {
        heapUsedBytes = bytes;
    }

    @Override
    public long count(Metric metric) {
        return counts.getOrDefault(metric, 0L);
    }

    @Override
    public long read(Gauge gauge) {
        return gauges.getOrDefault(gauge, 0L);
    }

    @Override
    public long heapUsedBytes() {
        return heapUsedBytes;
    }
}
