package net.voltlane.admin.prometheus;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.voltlane.admin.http.HttpFigures;
import net.voltlane.server.metrics.Family;

/** The version of the program, and the figures of the admin server itself. */
final class AdminCollector implements MultiCollector {
    private final InfoSnapshot build;
    private final Supplier<HttpFigures> figures;

    AdminCollector(String version, Supplier<HttpFigures> figures) {
        this.figures = figures;
        build = InfoSnapshot.builder()
                .name("voltlane_build")
                .help("version of Voltlane and of the Java that runs it")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", version, "java", System.getProperty("java.version")))
                        .build())
                .build();
    }

    @Override
    public MetricSnapshots collect() {
        HttpFigures now = figures.get();
        Map<Family, Samples> families = new LinkedHashMap<>();
        for (AdminFigure figure : AdminFigure.values()) {
            families.computeIfAbsent(figure.family, Samples::new).add(figure.labelValue, figure.value.applyAsLong(now));
        }
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(build);
        families.values().forEach(samples -> all.add(samples.snapshot()));
        return new MetricSnapshots(all);
    }
}
