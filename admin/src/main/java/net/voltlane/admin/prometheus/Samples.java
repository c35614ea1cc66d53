package net.voltlane.admin.prometheus;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.metrics.Family;
import net.voltlane.server.metrics.Timing;
import net.voltlane.server.metrics.Unit;
import org.jspecify.annotations.Nullable;

/** The samples of one family in one scrape. Belongs to the thread that scrapes. */
final class Samples {
    private static final String TOTAL = "_total";

    private final Family family;
    private final List<CounterSnapshot.CounterDataPointSnapshot> counters = new ArrayList<>();
    private final List<GaugeSnapshot.GaugeDataPointSnapshot> gauges = new ArrayList<>();
    private final List<HistogramSnapshot.HistogramDataPointSnapshot> histograms = new ArrayList<>();

    Samples(Family family) {
        this.family = family;
    }

    /**
     * Adds a counter's or a gauge's value.
     *
     * @param label the value of the family's label; null if the family has none
     * @param value as it is counted: nanoseconds where the unit is seconds
     */
    Samples add(@Nullable String label, long value) {
        double published = family.unit().published(value);
        if (family.type() == Family.Type.COUNTER) {
            counters.add(new CounterSnapshot.CounterDataPointSnapshot(published, labels(label), null, 0L));
        } else {
            gauges.add(new GaugeSnapshot.GaugeDataPointSnapshot(published, labels(label), null));
        }
        return this;
    }

    /** Adds a histogram's counts. */
    Samples add(Timing timing, long[] buckets, long sumNanos) {
        List<Double> bounds = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < buckets.length; i++) {
            long bound = timing.boundNanos(i);
            bounds.add(bound == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : Unit.SECONDS.published(bound));
            counts.add(buckets[i]);
        }
        histograms.add(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(Unit.SECONDS.published(sumNanos))
                .build());
        return this;
    }

    private Labels labels(@Nullable String value) {
        return value == null || family.label() == null ? Labels.EMPTY : Labels.of(family.label(), value);
    }

    MetricSnapshot snapshot() {
        return switch (family.type()) {
            case COUNTER -> new CounterSnapshot(metadata(), counters);
            case GAUGE -> new GaugeSnapshot(metadata(), gauges);
            case HISTOGRAM -> new HistogramSnapshot(metadata(), histograms);
        };
    }

    private MetricMetadata metadata() {
        String name = family.name().endsWith(TOTAL)
                ? family.name().substring(0, family.name().length() - TOTAL.length())
                : family.name();
        return new MetricMetadata(name, family.help(), unitIn(name));
    }

    /** The unit, where the name ends with it, as OpenMetrics wants it. */
    private static io.prometheus.metrics.model.snapshots.@Nullable Unit unitIn(String name) {
        if (name.endsWith("_seconds")) {
            return io.prometheus.metrics.model.snapshots.Unit.SECONDS;
        }
        return name.endsWith("_bytes") ? io.prometheus.metrics.model.snapshots.Unit.BYTES : null;
    }
}
