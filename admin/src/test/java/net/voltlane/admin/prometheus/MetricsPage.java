package net.voltlane.admin.prometheus;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.voltlane.server.metrics.Family;

/** The part of docs/METRICS.md that is made from the catalogue. */
final class MetricsPage {
    static final String BEGIN = "<!-- made from the catalogue of metrics, and checked against it -->\n";
    static final String END = "<!-- end of the catalogue -->\n";

    private static final String TOTAL = "_total";
    private static final String HEAD =
            "| name | type | unit | labels | meaning | what to look at |\n" + "| --- | --- | --- | --- | --- | --- |\n";

    /** Advice for the figures of the JVM and its process, whose names and explanations are the library's. */
    private static final Map<String, String> JVM_ADVICE = Map.ofEntries(
            Map.entry("jvm_buffer_pool_capacity_bytes", "As `jvm_buffer_pool_used_bytes`."),
            Map.entry("jvm_buffer_pool_used_buffers", "As `jvm_buffer_pool_used_bytes`."),
            Map.entry(
                    "jvm_buffer_pool_used_bytes",
                    "Buffers of the JDK. The server's own are in `voltlane_buffers_reserved_bytes`."),
            Map.entry("jvm_classes_currently_loaded", "Constant after the first minutes."),
            Map.entry("jvm_classes_loaded", "Constant after the first minutes."),
            Map.entry("jvm_classes_unloaded", "Nothing to look at."),
            Map.entry("jvm_compilation_time_seconds", "Grows in the first minutes after a start."),
            Map.entry(
                    "jvm_gc_collection_seconds",
                    "The rate of the sum is the part of time in which all threads stand still for it. Above 0.1: raise"
                            + " `-Xmx`."),
            Map.entry("jvm_memory_committed_bytes", "Memory that the JVM has taken from the system."),
            Map.entry("jvm_memory_init_bytes", "Nothing to look at."),
            Map.entry("jvm_memory_max_bytes", "With `area=\"heap\"`, `-Xmx`."),
            Map.entry("jvm_memory_objects_pending_finalization", "Always 0."),
            Map.entry("jvm_memory_pool_collection_committed_bytes", "As `jvm_memory_pool_collection_used_bytes`."),
            Map.entry("jvm_memory_pool_collection_init_bytes", "Nothing to look at."),
            Map.entry("jvm_memory_pool_collection_max_bytes", "As `jvm_memory_pool_collection_used_bytes`."),
            Map.entry(
                    "jvm_memory_pool_collection_used_bytes",
                    "What is really in use. If it grows for days with constant clients, it is a leak: please report"
                            + " it."),
            Map.entry("jvm_memory_pool_committed_bytes", "As `jvm_memory_used_bytes`, by pool."),
            Map.entry("jvm_memory_pool_init_bytes", "Nothing to look at."),
            Map.entry("jvm_memory_pool_max_bytes", "As `jvm_memory_max_bytes`, by pool."),
            Map.entry("jvm_memory_pool_used_bytes", "As `jvm_memory_used_bytes`, by pool."),
            Map.entry(
                    "jvm_memory_used_bytes",
                    "With `area=\"heap\"`, garbage included: near `jvm_memory_max_bytes` for long is too little."),
            Map.entry("jvm_threads_current", "Constant: the server starts no thread for a client."),
            Map.entry("process_cpu_seconds", "Its rate is the processors that the server uses."),
            Map.entry("process_max_fds", "The limit of open descriptors: `LimitNOFILE` of the service."),
            Map.entry("process_open_fds", "One for each client. Compare with `process_max_fds`."),
            Map.entry("process_resident_memory_bytes", "The memory that the machine gives for it."),
            Map.entry("process_start_time_seconds", "A change is a restart: all sessions have ended."),
            Map.entry("process_virtual_memory_bytes", "Nothing to look at: address space, not memory."));

    private MetricsPage() {}

    static String catalogue() {
        StringBuilder out = new StringBuilder(BEGIN);
        Map<Family, Map<String, String>> families = Catalogue.families();
        section(
                out,
                "Counters",
                "They only grow, from 0 at the start: look at their rate.",
                families,
                Family.Type.COUNTER);
        section(out, "Gauges", "The state at the time of the scrape.", families, Family.Type.GAUGE);
        section(out, "Histograms", "How long things took.", families, Family.Type.HISTOGRAM);
        labels(out, families);
        out.append("\n## Version\n\n").append(HEAD);
        row(
                out,
                "voltlane_build_info",
                "info",
                "always 1",
                "`version`, `java`",
                "version of Voltlane and of the Java that runs it",
                "Group by it while you upgrade several servers.");
        jvm(out);
        return out.append('\n').append(END).toString();
    }

    private static void section(
            StringBuilder out, String title, String what, Map<Family, Map<String, String>> families, Family.Type type) {
        out.append("\n## ")
                .append(title)
                .append("\n\n")
                .append(what)
                .append("\n\n")
                .append(HEAD);
        for (Family family : families.keySet()) {
            if (family.type() == type) {
                String label = family.label();
                row(
                        out,
                        family.name(),
                        type.text(),
                        family.unit().text(),
                        label == null ? "" : "`" + label + "`",
                        family.help(),
                        code(family.look()));
            }
        }
    }

    /** Names of metrics, settings and requests in a sentence, as code. */
    private static String code(String text) {
        return text.replaceAll(
                "(?<![\\w`./])((?:voltlane|jvm)_[a-z_]+|(?:clients|limits|master|listener|general|admin|net)\\.[a-z_.0-9]*[a-z]"
                        + "(?: = \"[a-z]+\")?|GET /[a-z0-9/?=&-]*[a-z]|LimitNOFILE)",
                "`$1`");
    }

    private static void labels(StringBuilder out, Map<Family, Map<String, String>> families) {
        out.append(
                "\n## Values of labels\n\nNo label names a client or an address. The label `loop` is the number of an event"
                        + " loop, from 0.\n\n| name | label | meaning |\n| --- | --- | --- |\n");
        families.forEach((family, values) -> values.forEach((value, help) -> out.append("| `")
                .append(family.name())
                .append("` | `")
                .append(family.label())
                .append("=\"")
                .append(value)
                .append("\"` | ")
                .append(help)
                .append(" |\n")));
    }

    private static void jvm(StringBuilder out) {
        out.append(
                        "\n## The JVM and its process\n\nThese names are those of the Prometheus client library for Java.\n\n")
                .append(HEAD);
        PrometheusRegistry registry = new PrometheusRegistry();
        JvmFigures.register(registry);
        for (MetricSnapshot snapshot : registry.scrape()) {
            String base = snapshot.getMetadata().getPrometheusName();
            String name = base + (snapshot instanceof CounterSnapshot ? TOTAL : "");
            row(
                    out,
                    name,
                    type(snapshot),
                    base.endsWith("_bytes") ? "bytes" : base.endsWith("_seconds") ? "seconds" : "count",
                    labelsOf(snapshot),
                    snapshot.getMetadata().getHelp(),
                    advice(base));
        }
    }

    private static String advice(String base) {
        String advice = JVM_ADVICE.get(base);
        if (advice == null) {
            throw new IllegalStateException("no advice for " + base);
        }
        return advice;
    }

    private static String type(MetricSnapshot snapshot) {
        return snapshot instanceof CounterSnapshot
                ? "counter"
                : snapshot instanceof GaugeSnapshot ? "gauge" : "summary";
    }

    private static String labelsOf(MetricSnapshot snapshot) {
        TreeSet<String> names = new TreeSet<>();
        for (DataPointSnapshot point : snapshot.getDataPoints()) {
            for (Label label : point.getLabels()) {
                names.add(label.getName());
            }
        }
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static void row(
            StringBuilder out, String name, String type, String unit, String labels, String help, String look) {
        String meaning = help.endsWith(".") ? help.substring(0, help.length() - 1) : help;
        out.append("| `")
                .append(name)
                .append("` | ")
                .append(String.join(" | ", type, unit, labels, code(meaning), look))
                .append(" |\n");
    }
}
