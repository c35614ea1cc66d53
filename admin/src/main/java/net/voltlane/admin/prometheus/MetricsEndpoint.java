package net.voltlane.admin.prometheus;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.http.Endpoint;
import net.voltlane.admin.http.HttpFigures;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import net.voltlane.server.metrics.Figures;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /metrics}: all figures, in the format that the request's {@code Accept} header wants, compressed if its
 * {@code Accept-Encoding} header allows. A scrape only reads what loops have published. Belongs to the HTTP server's
 * thread.
 */
public final class MetricsEndpoint implements Endpoint {
    private static final int USUAL_BYTES = 64 * 1024;

    private final String version;
    private final Figures figures;
    private final Supplier<HttpFigures> http;
    /** Made at the first scrape, so that a server that is never scraped starts no slower. */
    private @Nullable PrometheusRegistry registry;

    MetricsEndpoint(String version, Figures figures, Supplier<HttpFigures> http) {
        this.version = version;
        this.figures = figures;
        this.http = http;
    }

    /**
     * The route of {@code /metrics}.
     *
     * @param http the figures of the HTTP server that serves this route, asked for at each scrape
     */
    public static Route route(AdminHost host, Supplier<HttpFigures> http) {
        MetricsEndpoint endpoint =
                new MetricsEndpoint(host.version(), host.server().figures(), http);
        return Route.get("/metrics", endpoint);
    }

    @Override
    public CompletionStage<Response> handle(Request request) {
        Format format = Format.of(request.header("accept"));
        String encodings = request.header("accept-encoding");
        boolean compressed = encodings != null && new Qualities(encodings).of("gzip") > 0;
        Response response = Response.of(200, format.contentType(), body(format, compressed))
                .with("Vary", "Accept, Accept-Encoding");
        return (compressed ? response.with("Content-Encoding", "gzip") : response).now();
    }

    private byte[] body(Format format, boolean compressed) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(USUAL_BYTES);
        try (OutputStream out = compressed ? new GZIPOutputStream(body) : body) {
            format.write(scrape(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes everything
        }
        return body.toByteArray();
    }

    /** All figures as they are now. */
    MetricSnapshots scrape() {
        PrometheusRegistry all = registry;
        if (all == null) {
            all = new PrometheusRegistry();
            all.register(new ServerCollector(figures));
            all.register(new AdminCollector(version, http));
            JvmFigures.register(all);
            registry = all;
        }
        return all.scrape();
    }
}
