package net.voltlane.admin.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import net.voltlane.admin.http.HttpFigures;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.prometheus.Exposition.Block;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Figure;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.LoopFigure;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.metrics.Timing;
import net.voltlane.server.metrics.Unit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricsEndpointTest {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
    /** The headers of Prometheus 2.42. */
    private static final Map<String, String> PROMETHEUS_2_42 = Map.of(
            "accept",
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "accept-encoding",
            "gzip");

    private final Metrics metrics = new Metrics();
    private final Counters loopCounters = metrics.newCounters();
    private final Counters sessionCounters = metrics.newCounters();
    private final HttpFigures http = new HttpFigures();
    private final MetricsEndpoint endpoint = new MetricsEndpoint("1.2.3", metrics, () -> http);

    @BeforeEach
    void register() {
        for (Gauge gauge : Gauge.values()) {
            metrics.register(gauge, () -> 1_000_000_000L * (gauge.ordinal() + 1));
        }
        metrics.newLoop().swept(1, 250_000_000);
        metrics.newLoop().swept(1, 0);
    }

    private Response get(Map<String, String> headers) {
        Request request = new Request("GET", "/metrics", Map.of(), Map.of(), headers, new byte[0], true);
        return endpoint.handle(request).toCompletableFuture().join();
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private Map<String, Block> prometheus() {
        return Exposition.prometheus(text(get(Map.of())));
    }

    private Map<String, Block> openMetrics() {
        return Exposition.openMetrics(text(get(Map.of("accept", OPEN_METRICS))));
    }

    /** The value of a sample, wherever it is. */
    private static Map<String, Double> samples(Map<String, Block> blocks) {
        Map<String, Double> all = new TreeMap<>();
        blocks.values().forEach(block -> all.putAll(block.samples));
        return all;
    }

    // ---- what is in it

    @Test
    void everyCounterIsPublishedAsTheSumOfItsThreads() {
        for (Metric metric : Metric.values()) {
            loopCounters.add(metric, metric.ordinal() + 1);
            sessionCounters.add(metric, 1_000);
        }
        Map<String, Double> published = samples(prometheus());
        for (Metric metric : Metric.values()) {
            assertThat(published).containsEntry(metric.series(), metric.ordinal() + 1_001.0);
        }
    }

    @Test
    void everyGaugeIsPublishedInItsUnit() {
        Map<String, Double> published = samples(prometheus());
        for (Gauge gauge : Gauge.values()) {
            double expected = (gauge.ordinal() + 1) * (gauge.unit() == Unit.SECONDS ? 1 : 1e9);
            assertThat(published).containsEntry(gauge.series(), expected);
        }
    }

    /** An alert on the end of certificates must not fire for a server without TLS. */
    @Test
    void aGaugeThatTheServerHasNotIsLeftOut() {
        Metrics plain = new Metrics();
        for (Gauge gauge : Gauge.values()) {
            if (gauge != Gauge.TLS_CERTIFICATE_EXPIRY) {
                plain.register(gauge, () -> 0);
            }
        }
        Request request = new Request("GET", "/metrics", Map.of(), Map.of(), Map.of(), new byte[0], true);
        byte[] body = new MetricsEndpoint("1.2.3", plain, () -> http)
                .handle(request)
                .toCompletableFuture()
                .join()
                .body();
        assertThat(new String(body, StandardCharsets.UTF_8))
                .contains(Gauge.CONNECTIONS.series())
                .doesNotContain(Gauge.TLS_CERTIFICATE_EXPIRY.series());
    }

    @Test
    void everyHistogramIsPublishedInSeconds() {
        for (Timing timing : Timing.values()) {
            loopCounters.record(timing, TimeUnit.MILLISECONDS.toNanos(1));
            sessionCounters.record(timing, TimeUnit.MILLISECONDS.toNanos(30));
            loopCounters.record(timing, TimeUnit.MINUTES.toNanos(1));
        }
        Map<String, Double> published = samples(prometheus());
        for (Timing timing : Timing.values()) {
            String name = timing.series();
            assertThat(published)
                    .containsEntry(name + "_bucket{le=\"0.001\"}", 1.0)
                    .containsEntry(name + "_bucket{le=\"0.05\"}", 2.0)
                    .containsEntry(name + "_bucket{le=\"+Inf\"}", 3.0)
                    .containsEntry(name + "_count", 3.0)
                    .containsEntry(name + "_sum", 60.031);
        }
    }

    @Test
    void everyLoopHasFiguresWithItsNumber() {
        Map<String, Double> published = samples(prometheus());
        for (LoopFigure figure : LoopFigure.values()) {
            assertThat(published).containsKeys(figure.series() + "{loop=\"0\"}", figure.series() + "{loop=\"1\"}");
        }
        assertThat(published).containsEntry("voltlane_loop_longest_delay_seconds{loop=\"0\"}", 0.25);
    }

    @Test
    void theBuildIsNamed() {
        String java = System.getProperty("java.version");
        assertThat(samples(prometheus()))
                .containsEntry("voltlane_build_info{java=\"" + java + "\",version=\"1.2.3\"}", 1.0);
    }

    @Test
    void theAdminServersOwnCountersArePublished() {
        Map<String, Double> published = samples(prometheus());
        for (AdminFigure figure : AdminFigure.values()) {
            String label =
                    figure.labelValue == null ? "" : "{" + figure.family.label() + "=\"" + figure.labelValue + "\"}";
            assertThat(published).containsEntry(figure.family.name() + label, 0.0);
        }
    }

    @Test
    void theJvmAndItsProcessArePublished() {
        assertThat(samples(prometheus()))
                .containsKeys(
                        "jvm_memory_used_bytes{area=\"heap\"}",
                        "jvm_threads_current",
                        "process_cpu_seconds_total",
                        "process_start_time_seconds",
                        "process_open_fds",
                        "process_max_fds",
                        "process_resident_memory_bytes");
    }

    @Test
    void noLabelTellsClientsApart() {
        prometheus().values().stream()
                .filter(block -> block.name.startsWith("voltlane_"))
                .forEach(block -> assertThat(block.labelNames)
                        .as(block.name)
                        .isSubsetOf(
                                "reason",
                                "result",
                                "direction",
                                "state",
                                "kind",
                                "when",
                                "loop",
                                "le",
                                "version",
                                "java"));
    }

    @Test
    void typesAndHelpAreThoseOfTheCatalogue() {
        Map<String, Block> blocks = prometheus();
        for (Figure figure : Catalogue.figures()) {
            Block block = blocks.get(figure.family().name());
            assertThat(block).as(figure.series()).isNotNull();
            assertThat(block.type).isEqualTo(figure.family().type().text());
            assertThat(block.help).isEqualTo(figure.family().help());
        }
    }

    // ---- formats

    @Test
    void bothFormatsHaveTheSameValues() {
        for (Metric metric : Metric.values()) {
            loopCounters.add(metric, metric.ordinal());
        }
        Map<String, Double> open = samples(openMetrics());
        Map<String, Double> plain = samples(prometheus());
        assertThat(open.keySet()).isEqualTo(plain.keySet());
        plain.keySet().removeIf(series -> !series.startsWith("voltlane_") || series.startsWith("voltlane_loop_cpu"));
        assertThat(open).containsAllEntriesOf(plain);
    }

    @Test
    void openMetricsHaveUnits() {
        Map<String, Block> blocks = openMetrics();
        assertThat(blocks.get("voltlane_held_bytes").unit).isEqualTo("bytes");
        assertThat(blocks.get("voltlane_handshake_seconds").unit).isEqualTo("seconds");
        assertThat(blocks.get("voltlane_payload_bytes").unit).isEqualTo("bytes");
        assertThat(blocks.get("voltlane_sessions").unit).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/openmetrics-text | true",
                "APPLICATION/OpenMetrics-Text; version=1.0.0; charset=utf-8 | true",
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                        + "text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1 | true",
                "text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.5 | false",
                "application/openmetrics-text;q=0 | false",
                "application/openmetrics-text;q=high | false",
                "text/html,application/xhtml+xml,*/*;q=0.8 | false",
                "*/* | false",
                "'' | false",
                ",;,;q=,= | false"
            })
    void theFormatIsTheOneThatIsWanted(String accept, boolean open) {
        Response response = get(Map.of("accept", accept));
        assertThat(response.contentType())
                .startsWith(open ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4");
        assertThat(text(response).endsWith("# EOF\n")).isEqualTo(open);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "deflate, gzip;q=0.5", "br, gzip ;q=1.0"})
    void anAnswerIsCompressedForThoseWhoCanReadIt(String accepted) throws IOException {
        Response response = get(Map.of("accept-encoding", accepted));
        assertThat(response.headers()).containsEntry("Content-Encoding", "gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            Exposition.prometheus(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip;q=0", "deflate", "", "gzipped"})
    void anAnswerIsNotCompressedForOthers(String accepted) {
        Response response = get(Map.of("accept-encoding", accepted));
        assertThat(response.headers()).doesNotContainKey("Content-Encoding");
        Exposition.prometheus(text(response));
    }

    @Test
    void cachesAreToldWhatTheAnswerDependsOn() {
        assertThat(get(PROMETHEUS_2_42).headers()).containsEntry("Vary", "Accept, Accept-Encoding");
    }

    // ---- over time

    @Test
    void countersNeverFallBetweenScrapes() {
        Map<String, Double> before = new HashMap<>();
        for (int round = 0; round < 5; round++) {
            for (Metric metric : Metric.values()) {
                loopCounters.count(metric);
            }
            loopCounters.record(Timing.HANDSHAKE, 1 << round);
            for (Block block : prometheus().values()) {
                if (!block.type.equals("gauge")) {
                    block.samples.forEach((series, value) -> {
                        assertThat(value).as(series).isGreaterThanOrEqualTo(before.getOrDefault(series, 0.0));
                        before.put(series, value);
                    });
                }
            }
        }
    }

    @Test
    void everyScrapeHasTheSameSeries() {
        assertThat(samples(prometheus()).keySet())
                .isEqualTo(samples(prometheus()).keySet());
    }
}
