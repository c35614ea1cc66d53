package net.voltlane.bench.report;

import java.time.Duration;
import net.voltlane.bench.model.Distribution;
import net.voltlane.bench.model.FaultCounts;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Generator;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Moment;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Result;
import net.voltlane.bench.model.RunEnvironment;

/** A result for programs. Units are part of the names; latencies are in microseconds. */
public final class JsonReport {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MILLIS_PER_SECOND = 1e3;

    private JsonReport() {}

    /** The whole document, with a line feed at its end. */
    public static String of(Result result) {
        return JsonWriter.object(json -> {
            json.put("scenario", result.plan().scenario().word());
            json.put("fine", result.isFine());
            json.object("parameters", inner -> plan(inner, result.plan()));
            json.object("surroundings", inner -> surroundings(inner, result.surroundings()));
            json.object(
                    "figures", inner -> result.figures().forEach(figure -> inner.put(figure.name(), figure.value())));
            json.strings(
                    "remarks",
                    result.figures().stream()
                            .filter(figure -> !figure.remark().isEmpty())
                            .map(JsonReport::remark)
                            .toList());
            json.array("latencies", result.distributions(), JsonReport::distribution);
            json.object("faults", inner -> faults(inner, result.faults()));
            json.array("moments", result.moments(), JsonReport::moment);
            json.strings("notes", result.notes());
        });
    }

    private static String remark(Figure figure) {
        return figure.label() + ": " + figure.remark();
    }

    private static void plan(JsonWriter json, Plan plan) {
        Load load = plan.load();
        Generator generator = plan.generator();
        json.put("clients", load.clients());
        json.put("size_bytes", load.sizeBytes());
        json.put("depth", load.depth());
        json.put("rate_per_second", load.ratePerSecond());
        json.put("under_way", load.underWay());
        json.put("rounds", load.rounds());
        json.put("flood_per_second", load.floodPerSecond());
        json.put("warmup_seconds", seconds(plan.timing().warmup()));
        json.put("duration_seconds", seconds(plan.timing().duration()));
        json.put("threads", generator.threads());
        json.put("source_addresses", generator.sourceAddresses());
        json.put("protocol", generator.protocol());
    }

    private static void surroundings(JsonWriter json, RunEnvironment surroundings) {
        json.put("time", surroundings.time().toString());
        json.put("bench_version", surroundings.benchVersion());
        json.put("server_version", surroundings.serverVersion());
        json.put("server", surroundings.server());
        json.put("backend", surroundings.backend());
        json.put("transport", surroundings.transport());
        json.put("system", surroundings.system());
        json.put("processor", surroundings.processor());
        json.put("cores", surroundings.cores());
        json.put("java", surroundings.java());
    }

    private static void distribution(JsonWriter json, Distribution distribution) {
        json.put("name", distribution.name());
        json.put("count", distribution.histogram().getTotalCount());
        for (Percentiles each : Percentiles.ALL) {
            json.put(
                    each.key() + "_micros",
                    distribution.histogram().getValueAtPercentile(each.percentile()) / NANOS_PER_MICRO);
        }
        json.put("mean_micros", distribution.histogram().getMean() / NANOS_PER_MICRO);
    }

    private static void faults(JsonWriter json, FaultCounts faults) {
        json.put("lost", faults.lost());
        json.put("reordered", faults.reordered());
        json.put("misrouted", faults.misrouted());
        json.put("corrupted", faults.corrupted());
        json.put("links_closed", faults.closed());
        json.put("handshakes_failed", faults.refused());
        json.put("first", faults.first());
    }

    private static void moment(JsonWriter json, Moment moment) {
        json.put("at_seconds", moment.atSeconds());
        json.put("warmup", moment.warmup());
        json.put("phase", moment.phase());
        json.put("count", moment.count());
        json.put("rate_per_second", moment.ratePerSecond());
        json.put("p50_micros", moment.p50Nanos() / NANOS_PER_MICRO);
        json.put("p99_micros", moment.p99Nanos() / NANOS_PER_MICRO);
        json.put("max_micros", moment.maxNanos() / NANOS_PER_MICRO);
        json.put("faults", moment.faults());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS_PER_SECOND;
    }
}
