package net.voltlane.admin.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.voltlane.admin.http.HttpServer;
import net.voltlane.admin.http.Route;
import net.voltlane.admin.http.Token;
import net.voltlane.admin.prometheus.Exposition.Block;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scrapes over HTTP. */
@Timeout(30)
final class ScrapeTest {
    private final Metrics metrics = new Metrics();
    private final HttpServer server = new HttpServer(new Token("right"), Set.of());
    /** Keeps its connection between requests, as Prometheus does. */
    private final HttpClient client = HttpClient.newHttpClient();

    private URI address = URI.create("http://127.0.0.1/");

    @BeforeEach
    void serve() throws Exception {
        for (Gauge gauge : Gauge.values()) {
            metrics.register(gauge, () -> 7);
        }
        ServerSocketChannel port = ServerSocketChannel.open();
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port.configureBlocking(false);
        server.serve(port, List.of(Route.get("/metrics", new MetricsEndpoint("1.2.3", metrics, server::figures))));
        address = URI.create("http://127.0.0.1:" + port.socket().getLocalPort() + "/metrics");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder get() {
        return HttpRequest.newBuilder(address);
    }

    @Test
    void aScrapeIsAnswered() throws Exception {
        HttpResponse<String> response = send(get());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(response.headers().firstValue("vary")).hasValue("Accept, Accept-Encoding");
        assertThat(Exposition.prometheus(response.body())).containsKey("voltlane_sessions");
    }

    @Test
    void aHeadIsAnsweredWithoutABody() throws Exception {
        HttpResponse<String> response = send(get().method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void whatTheAdminServerCountsIsInTheNextScrape() throws Exception {
        send(get());
        assertThat(send(get().header("Authorization", "Bearer wrong")).statusCode())
                .isEqualTo(401);
        send(HttpRequest.newBuilder(address.resolve("/elsewhere")));
        Map<String, Block> blocks = Exposition.prometheus(send(get()).body());
        Block requests = blocks.get("voltlane_admin_requests_total");
        assertThat(requests.value("voltlane_admin_requests_total{result=\"answered\"}"))
                .isOne();
        assertThat(requests.value("voltlane_admin_requests_total{result=\"refused\"}"))
                .isEqualTo(2);
        assertThat(blocks.get("voltlane_admin_wrong_tokens_total").value("voltlane_admin_wrong_tokens_total"))
                .isOne();
    }
}
