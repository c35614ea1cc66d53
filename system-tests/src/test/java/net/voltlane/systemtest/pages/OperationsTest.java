package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;

/** {@code docs/OPERATIONS.md} leaves no alert, no reason and no event that it speaks of unexplained. */
class OperationsTest {
    private static final Page PAGE = Page.read("docs/OPERATIONS.md");

    @Test
    void everyAlertHasItsSectionAndNoSectionIsLeftOver() throws IOException {
        String rules = Files.readString(Page.PROJECT.resolve("deploy/prometheus/alerts.yml"));
        List<String> alerts = found(rules, "- alert: (\\w+)");

        assertThat(alerts).hasSizeGreaterThan(20);
        assertThat(found(section("## Alerts"), "(?m)^### (\\w+)$")).isEqualTo(alerts);
        assertThat(found(rules, "runbook: docs/OPERATIONS.md#(\\w+)"))
                .isEqualTo(alerts.stream().map(String::toLowerCase).toList());
    }

    @Test
    void everyReasonForTheEndOfASessionIsExplained() {
        assertThat(found(section("## Why sessions end"), "(?m)^\\| `([^`]+)` \\|"))
                .containsExactlyElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::text).toList());
    }

    @Test
    void everyReasonForARefusalAndARejectionIsExplained() {
        String metrics = Page.read("docs/METRICS.md").text();
        List<String> known = found(metrics, "voltlane_connections_refused_total` \\| `reason=\"(\\w+)\"`");
        List<String> rejected = found(metrics, "voltlane_handshakes_rejected_total` \\| `reason=\"(\\w+)\"`");

        assertThat(known).hasSizeGreaterThan(10);
        assertThat(rejected).hasSizeGreaterThan(10);
        String section = section("## Why connections are refused");
        int second = section.indexOf("*rejected*");
        assertThat(found(section.substring(0, second), "(?m)^\\| `(\\w+)` \\|")).containsExactlyElementsOf(known);
        assertThat(found(section.substring(second), "(?m)^\\| `(\\w+)` \\|")).containsExactlyElementsOf(rejected);
    }

    @Test
    void theEventsThatItNamesAreThoseOfTheLog() {
        List<String> events = found(Page.read("docs/LOGGING.md").text().split("## Events")[1], "(?m)^\\| `(\\w+)` \\|");
        List<String> named = found(PAGE.text().replaceAll("\\s+", " "), "events? `(\\w+)`");

        assertThat(named).hasSizeGreaterThan(5);
        assertThat(events).containsAll(named);
    }

    private static String section(String heading) {
        String text = PAGE.text();
        int from = text.indexOf(heading + "\n");
        assertThat(from).as(heading).isNotNegative();
        int to = text.indexOf("\n## ", from);
        return to < 0 ? text.substring(from) : text.substring(from, to);
    }

    private static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
