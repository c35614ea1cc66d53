package net.voltlane.admin.prometheus;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.admin.http.HttpFigures;
import net.voltlane.admin.http.Request;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metrics;

/** The names, types, labels and values of labels that a scrape of a server has. */
final class Published {
    private static final Pattern SERIES = Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    /** The values of each label of a sample's name. */
    final Map<String, Map<String, Set<String>>> labels = new HashMap<>();
    /** The names of samples that only grow. */
    final Set<String> growing = new HashSet<>();

    private Published() {}

    static Published all() {
        Metrics metrics = new Metrics();
        for (Gauge gauge : Gauge.values()) {
            metrics.register(gauge, () -> 0);
        }
        metrics.newLoop();
        MetricsEndpoint endpoint = new MetricsEndpoint("1.2.3", metrics, HttpFigures::new);
        Request request = new Request("GET", "/metrics", Map.of(), Map.of(), Map.of(), new byte[0], true);
        byte[] body = endpoint.handle(request).toCompletableFuture().join().body();
        Published published = new Published();
        Exposition.prometheus(new String(body, StandardCharsets.UTF_8)).values().forEach(published::add);
        return published;
    }

    private void add(Exposition.Block block) {
        for (String series : block.samples.keySet()) {
            Matcher matcher = SERIES.matcher(series);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(series);
            }
            Map<String, Set<String>> values = labels.computeIfAbsent(matcher.group(1), name -> new HashMap<>());
            if (matcher.group(2) != null) {
                LABEL.matcher(matcher.group(2))
                        .results()
                        .forEach(label -> values.computeIfAbsent(label.group(1), name -> new HashSet<>())
                                .add(label.group(2)));
            }
            if (!block.type.equals("gauge")) {
                growing.add(matcher.group(1));
            }
        }
    }
}
