package net.voltlane.admin.prometheus;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import net.voltlane.server.metrics.Family;
import net.voltlane.server.metrics.Figures;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.LoopFigure;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Timing;

/** The figures of the connection server's catalogue. They are read without asking any loop. */
final class ServerCollector implements MultiCollector {
    private final Figures figures;

    ServerCollector(Figures figures) {
        this.figures = figures;
    }

    @Override
    public MetricSnapshots collect() {
        Map<Family, Samples> families = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            of(metric.family(), families).add(metric.labelValue(), figures.sum(metric));
        }
        for (Gauge gauge : Gauge.values()) {
            if (figures.has(gauge)) {
                of(gauge.family(), families).add(gauge.labelValue(), figures.read(gauge));
            }
        }
        for (Timing timing : Timing.values()) {
            // The sum first: a time recorded in between is in no sum without its count.
            long sumNanos = figures.sumNanos(timing);
            of(timing.family(), families).add(timing, figures.buckets(timing), sumNanos);
        }
        for (LoopFigure figure : LoopFigure.values()) {
            long[] values = figures.read(figure);
            for (int loop = 0; loop < values.length; loop++) {
                of(figure.family(), families).add(Integer.toString(loop), values[loop]);
            }
        }
        return new MetricSnapshots(
                families.values().stream().map(Samples::snapshot).toList());
    }

    private static Samples of(Family family, Map<Family, Samples> families) {
        return families.computeIfAbsent(family, Samples::new);
    }
}
