package net.voltlane.admin.prometheus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.voltlane.server.metrics.Family;
import net.voltlane.server.metrics.Figure;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.LoopFigure;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Timing;
import org.jspecify.annotations.Nullable;

/** All entries of the connection server's catalogue. */
final class Catalogue {
    private Catalogue() {}

    static List<Figure> figures() {
        return Stream.<Figure[]>of(Metric.values(), Gauge.values(), Timing.values(), LoopFigure.values())
                .flatMap(Stream::of)
                .toList();
    }

    /** All families with the fixed values of their labels and what those mean, in the order of the catalogue. */
    static Map<Family, Map<String, String>> families() {
        Map<Family, Map<String, String>> families = new LinkedHashMap<>();
        for (Figure figure : figures()) {
            add(families, figure.family(), figure.labelValue(), figure.help());
        }
        for (AdminFigure figure : AdminFigure.values()) {
            add(families, figure.family, figure.labelValue, figure.help);
        }
        return families;
    }

    private static void add(
            Map<Family, Map<String, String>> families, Family family, @Nullable String value, String help) {
        Map<String, String> values = families.computeIfAbsent(family, name -> new LinkedHashMap<>());
        if (value != null) {
            values.put(value, help);
        }
    }
}
