package net.voltlane.admin.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.voltlane.admin.http.HttpFigures;
import net.voltlane.admin.http.Request;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.Tools;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Has Prometheus's own tool check what is made for Prometheus, where it is installed. */
@Timeout(60)
final class PromtoolTest {
    private static final Path DEPLOY = Path.of("../deploy/prometheus");

    private record Outcome(int status, String output) {}

    @BeforeAll
    static void isInstalled() throws InterruptedException {
        boolean installed = true;
        try {
            run("", "--version");
        } catch (IOException missing) {
            installed = false;
        }
        Tools.need(installed, "promtool is not installed (Debian: apt install prometheus)");
    }

    private static Outcome run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(DEPLOY.toFile())
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // it has not read its input, and says why
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output);
    }

    private static void passes(Outcome outcome) {
        assertThat(outcome.status()).as(outcome.output()).isZero();
    }

    @Test
    void theRulesAreValid() throws Exception {
        passes(run("", "check", "rules", "alerts.yml"));
    }

    @Test
    void theRulesFireWhenTheyShould() throws Exception {
        passes(run("", "test", "rules", "alerts_test.yml"));
    }

    @Test
    void theScrapeConfigurationIsValid() throws Exception {
        passes(run("", "check", "config", "--syntax-only", "prometheus.yml"));
    }

    @Test
    void theExpositionFollowsTheConventions() throws Exception {
        Metrics metrics = new Metrics();
        for (Gauge gauge : Gauge.values()) {
            metrics.register(gauge, () -> 1);
        }
        metrics.newLoop();
        MetricsEndpoint endpoint = new MetricsEndpoint("1.2.3", metrics, HttpFigures::new);
        Request request = new Request("GET", "/metrics", Map.of(), Map.of(), Map.of(), new byte[0], true);
        String text =
                new String(endpoint.handle(request).toCompletableFuture().join().body(), StandardCharsets.UTF_8);
        Outcome outcome = run(text, "check", "metrics");
        assertThat(outcome.output().lines().filter(line -> line.startsWith("voltlane_")))
                .isEmpty();
        assertThat(outcome.output()).doesNotContain("error while linting");
    }
}
