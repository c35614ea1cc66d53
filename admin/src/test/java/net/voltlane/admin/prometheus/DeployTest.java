package net.voltlane.admin.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.admin.prometheus.PromQl.Use;
import org.junit.jupiter.api.Test;

/** The dashboard and the alert rules use what the server publishes. */
final class DeployTest {
    private static final Path DEPLOY = Path.of("../deploy");
    /** The labels that Prometheus gives to every series of a server. */
    private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job");

    private static final Set<String> FUNCTIONS =
            Set.of("rate", "increase", "changes", "histogram_quantile", "sum", "time");
    private static final Pattern OWN_LABEL = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?([a-z_]+)\\s*}}");
    private static final Published PUBLISHED = Published.all();

    /** An alert as it stands in the file. */
    private record Alert(String name, String expression, String text) {}

    private static List<Alert> alerts() throws IOException {
        String file = Files.readString(DEPLOY.resolve("prometheus/alerts.yml"));
        List<Alert> alerts = new ArrayList<>();
        Matcher matcher = Pattern.compile(
                        "- alert: (\\w+)\n {8}expr: (.*?)\n {8}(?=for:|labels:)(.*?)(?=\n\n|\\z)", Pattern.DOTALL)
                .matcher(file);
        while (matcher.find()) {
            String expression = matcher.group(2).strip().replaceFirst("^>-", "").replaceFirst("^'(.*)'$", "$1");
            alerts.add(new Alert(matcher.group(1), expression, matcher.group(3)));
        }
        assertThat(alerts).hasSize(file.split("- alert:", -1).length - 1);
        return alerts;
    }

    /** The targets of the dashboard's panels: expression and legend. */
    private static List<Map.Entry<String, String>> targets() throws IOException {
        List<Map.Entry<String, String>> targets = new ArrayList<>();
        for (JsonElement panel : dashboard().getAsJsonArray("panels")) {
            if (panel.getAsJsonObject().has("targets")) {
                for (JsonElement target : panel.getAsJsonObject().getAsJsonArray("targets")) {
                    JsonObject fields = target.getAsJsonObject();
                    targets.add(Map.entry(
                            fields.get("expr").getAsString(),
                            fields.get("legendFormat").getAsString()));
                }
            }
        }
        return targets;
    }

    private static JsonObject dashboard() throws IOException {
        return JsonParser.parseString(Files.readString(DEPLOY.resolve("grafana/voltlane.json")))
                .getAsJsonObject();
    }

    /** Holds an expression against what is published; returns the labels that its result may have. */
    private static Set<String> check(String expression) {
        PromQl parsed = PromQl.of(expression);
        assertThat(parsed.functions).as(expression).isSubsetOf(FUNCTIONS);
        assertThat(parsed.uses).as(expression).isNotEmpty();
        Set<String> labels = new HashSet<>(OF_THE_SCRAPE);
        for (Use use : parsed.uses) {
            if (use.metric().equals("up")) {
                continue; // Prometheus's own
            }
            Map<String, Set<String>> own = PUBLISHED.labels.get(use.metric());
            assertThat(own).as("%s in %s", use.metric(), expression).isNotNull();
            checkMatchers(use, own, expression);
            boolean grows =
                    PUBLISHED.growing.contains(use.metric()) && !use.metric().endsWith("_info");
            boolean restarts =
                    use.metric().equals("process_start_time_seconds") && parsed.functions.contains("changes");
            assertThat(use.overTime())
                    .as("%s is a %s in %s", use.metric(), grows ? "counter" : "gauge", expression)
                    .isEqualTo(grows || restarts);
            labels.addAll(own.keySet());
        }
        assertThat(labels).as(expression).containsAll(parsed.groupings);
        boolean summed = parsed.functions.contains("sum");
        return summed ? parsed.groupings : labels;
    }

    private static void checkMatchers(Use use, Map<String, Set<String>> own, String expression) {
        use.matchers().forEach((label, values) -> {
            if (!OF_THE_SCRAPE.contains(label)) {
                assertThat(own).as("%s in %s", label, expression).containsKey(label);
                assertThat(own.get(label)).as("%s in %s", label, expression).containsAll(values);
            }
        });
    }

    private static Set<String> labelsIn(String text) {
        Set<String> labels = new HashSet<>();
        OWN_LABEL.matcher(text).results().forEach(result -> labels.add(result.group(1)));
        return labels;
    }

    // ---- alerts

    @Test
    void alertsUseWhatTheServerPublishes() throws IOException {
        for (Alert alert : alerts()) {
            Set<String> labels = check(alert.expression());
            assertThat(labels).as(alert.name()).containsAll(labelsIn(alert.text()));
        }
    }

    @Test
    void eachAlertHasASeverityASummaryADescriptionAndAPlaceToReadOn() throws IOException {
        List<Alert> alerts = alerts();
        assertThat(alerts)
                .extracting(Alert::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("Voltlane"));
        for (Alert alert : alerts) {
            assertThat(alert.text())
                    .as(alert.name())
                    .containsPattern("severity: (warning|critical)\n")
                    .containsPattern("summary: \"[A-Z{].*[a-z0-9}]\"\n")
                    .containsPattern("description: \"[A-Z{].*\\.\"\n")
                    .contains("runbook: docs/OPERATIONS.md#" + alert.name().toLowerCase(Locale.ROOT));
        }
    }

    /** As soon as there is the page that alerts link to. */
    @Test
    void eachAlertHasASectionThatSaysWhatToDo() throws IOException {
        Path page = Path.of("../docs/OPERATIONS.md");
        assumeTrue(Files.exists(page), "docs/OPERATIONS.md is not written yet");
        List<String> sections = Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").replace("`", "").toLowerCase(Locale.ROOT))
                .toList();
        for (Alert alert : alerts()) {
            assertThat(sections).contains(alert.name().toLowerCase(Locale.ROOT));
        }
    }

    // ---- the dashboard

    @Test
    void panelsUseWhatTheServerPublishes() throws IOException {
        List<Map.Entry<String, String>> targets = targets();
        assertThat(targets).hasSizeGreaterThan(40);
        for (Map.Entry<String, String> target : targets) {
            String expression = target.getKey();
            assertThat(expression).as("choice of servers").contains("instance=~\"$instance\"");
            Set<String> labels = check(expression.replace("$__rate_interval", "1m"));
            assertThat(labels).as(expression).containsAll(labelsIn(target.getValue()));
        }
    }

    @Test
    void theDashboardHasARowForEachPartOfTheServer() throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonElement panel : dashboard().getAsJsonArray("panels")) {
            JsonObject fields = panel.getAsJsonObject();
            if (fields.get("type").getAsString().equals("row")) {
                rows.add(fields.get("title").getAsString());
            } else {
                assertThat(fields.getAsJsonObject("datasource").get("uid").getAsString())
                        .isEqualTo("${datasource}");
            }
        }
        assertThat(rows)
                .containsExactly(
                        "Now", "Clients", "Traffic", "Queues", "Refusals", "Master", "Loops", "Memory", "JVM", "TLS");
    }

    @Test
    void panelsDoNotLieOnTopOfEachOther() throws IOException {
        Set<String> taken = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonElement panel : dashboard().getAsJsonArray("panels")) {
            JsonObject fields = panel.getAsJsonObject();
            JsonObject at = fields.getAsJsonObject("gridPos");
            assertThat(ids.add(fields.get("id").getAsInt())).isTrue();
            for (int x = 0; x < at.get("w").getAsInt(); x++) {
                for (int y = 0; y < at.get("h").getAsInt(); y++) {
                    int column = at.get("x").getAsInt() + x;
                    assertThat(column).isLessThan(24);
                    assertThat(taken.add(column + "," + (at.get("y").getAsInt() + y)))
                            .as(fields.get("title").getAsString())
                            .isTrue();
                }
            }
        }
    }

    // ---- this test itself

    @Test
    void whatIsNotPublishedIsFound() {
        for (String wrong : List.of(
                "voltlane_session",
                "voltlane_sessions{status=\"live\"}",
                "voltlane_sessions{state=\"alive\"}",
                "voltlane_sessions{state=~\"live|dead\"}",
                "sum by (reason) (voltlane_sessions)",
                "rate(voltlane_sessions[5m])",
                "voltlane_master_lost_total > 3",
                "rate(voltlane_handshake_seconds[5m])",
                "avg(voltlane_sessions)")) {
            assertThatThrownBy(() -> check(wrong)).as(wrong).isInstanceOf(AssertionError.class);
        }
        assertThat(check("voltlane_sessions{state=\"live\"} > 3 and on (instance) voltlane_master_up == 1"))
                .containsExactlyInAnyOrder("instance", "job", "state");
    }
}
