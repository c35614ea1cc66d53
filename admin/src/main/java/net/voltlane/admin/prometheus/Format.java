package net.voltlane.admin.prometheus;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The formats in which figures are published. */
enum Format {
    /** The text format of Prometheus, version 0.0.4, for everyone who does not ask for another. */
    PROMETHEUS("text/plain", PrometheusTextFormatWriter.create()),
    OPEN_METRICS("application/openmetrics-text", OpenMetricsTextFormatWriter.create());

    private final String mediaType;
    private final ExpositionFormatWriter writer;

    Format(String mediaType, ExpositionFormatWriter writer) {
        this.mediaType = mediaType;
        this.writer = writer;
    }

    /** The better of the formats for an {@code Accept} header; null is the header of a client that takes everything. */
    static Format of(@Nullable String accept) {
        Qualities wanted = new Qualities(accept == null ? "" : accept);
        double openMetrics = wanted.of(OPEN_METRICS.mediaType);
        return openMetrics > 0 && openMetrics >= wanted.of(PROMETHEUS.mediaType) ? OPEN_METRICS : PROMETHEUS;
    }

    String contentType() {
        return writer.getContentType();
    }

    void write(MetricSnapshots figures, OutputStream out) throws IOException {
        writer.write(out, figures, EscapingScheme.UNDERSCORE_ESCAPING);
    }
}
