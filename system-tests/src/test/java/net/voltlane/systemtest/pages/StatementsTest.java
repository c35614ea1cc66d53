package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;

/** Statements that the pages must make for a reader who decides about Voltlane, with the figures of the code. */
class StatementsTest {
    /** The default of a key, by the table that is made from the catalogue of keys. */
    private static String defaultOf(String key) {
        String row = "\\| `" + Pattern.quote(key) + "` \\| `([^`]*)` \\|";
        Matcher matcher =
                Pattern.compile(row).matcher(Page.read("docs/CONFIGURATION.md").text());
        assertThat(matcher.find()).as(key).isTrue();
        return matcher.group(1);
    }

    private static String flowing(String page) {
        return Page.read(page).text().replaceAll("\\s+", " ");
    }

    @Test
    void theReadmeSaysFirstWhatItIsAndWhenNotToUseIt() {
        String readme = flowing("README.md");
        String beginning = readme.substring(0, readme.indexOf("```"));

        assertThat(beginning).contains("is a connection server", "Use it when", "do not use it for");
        assertThat(readme)
                .contains(
                        "Not an authentication service",
                        "Not encrypted by default",
                        "Not the source of truth",
                        "Not UDP, and not HTTP");
    }

    @Test
    void theReadmeBoundsWhatItPromises() {
        assertThat(flowing("README.md"))
                .contains(
                        "within " + defaultOf("master.reconnect_timeout_secs")
                                + " seconds (`master.reconnect_timeout_secs`",
                        "has " + defaultOf("clients.stale_timeout_secs") + " seconds (`clients.stale_timeout_secs`)");
    }

    @Test
    void theDefaultThatEndsAbsentClientsIsNamedWhereverItMatters() {
        assertThat(defaultOf("clients.missed_packets_buffer_size")).isEqualTo("0");
        assertThat(flowing("README.md"))
                .contains(
                        "`clients.missed_packets_buffer_size` is 0",
                        "the first packet that your backend sends to a client that is away ends that client's session");
        for (String page : new String[] {"docs/BACKEND.md", "docs/CLIENT.md", "docs/CONFIGURATION.md"}) {
            assertThat(flowing(page)).as(page).contains("clients.missed_packets_buffer_size");
        }
    }

    @Test
    void theSecurityPageSaysFirstThatTlsIsOffByDefault() {
        assertThat(flowing("docs/SECURITY.md")).contains("Nothing is encrypted unless you switch TLS on");
    }
}
