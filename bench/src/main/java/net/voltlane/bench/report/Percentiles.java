package net.voltlane.bench.report;

import java.util.List;

/** The percentiles that are shown, with their names. */
enum Percentiles {
    P50(50, "p50"),
    P90(90, "p90"),
    P99(99, "p99"),
    P999(99.9, "p99.9"),
    P9999(99.99, "p99.99"),
    MAX(100, "max");

    static final List<Percentiles> ALL = List.of(values());

    private final double percentile;
    private final String label;

    Percentiles(double percentile, String label) {
        this.percentile = percentile;
        this.label = label;
    }

    double percentile() {
        return percentile;
    }

    String label() {
        return label;
    }

    /** In JSON, where dots in names are a nuisance: {@code p99_9}. */
    String key() {
        return label.replace('.', '_');
    }
}
