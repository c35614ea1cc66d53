package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static net.voltlane.browsertest.FakeFleetApi.server;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The section of the page that shows the store and the servers that share it. */
@ExtendWith(Chromium.class)
class FleetTest {
    @Test
    void aServerWhoseSessionsEndWithItShowsNothingOfThis(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            assertThat(visit.page.locator("#store-kind")).hasText("memory"); // the answer has come
            assertThat(visit.id("fleet")).isHidden();
        }
    }

    @Test
    void aStoreInAFileIsShownWithItsSize(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5))) {
            server.fleet.file();
            try (Visit visit = Visit.desktop(browser, server).ready()) {
                assertThat(visit.id("fleet")).isVisible();
                visit.sees("store-kind", "file, /var/lib/voltlane/sessions\\.db");
                visit.sees("store-up", "reached");
                visit.sees("store-records", "1,234, 469 KiB");
                visit.sees("store-unrecorded", "0 sessions of this server");
                visit.sees("store-when-away", "new sessions have no record at first");
                visit.sees("fleet-note", "This server shares its sessions with no other one\\.");
                assertThat(visit.id("fleet-scroll")).isHidden();
            }
        }
    }

    @Test
    void aBanNamesTheServerThatGaveIt(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5))) {
            server.api.bannedAt("<b>eu-2</b>", "192.0.2.9");
            try (Visit visit = Visit.desktop(browser, server).ready()) {
                Locator bans = visit.page.locator("#bans li .note");
                assertThat(bans).hasCount(2);
                assertThat(bans.nth(0)).containsText("wrong proofs, ");
                assertThat(bans.nth(1)).hasText("operator at <b>eu-2</b>, until it is lifted");
            }
        }
    }

    @Test
    void eachServerHasARow(Browser browser) throws Exception {
        Map<String, @Nullable Object> draining = server("eu-2", 2, 700);
        draining.putAll(Map.of("state", "draining", "draining", true, "backendUp", false));
        draining.put("advertise", null);
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5))) {
            server.fleet.redis(
                    true, 0, "refuse", List.of(server("eu-1", 1, 1200), draining, server("<b>eu-3</b>", 3, 5)));
            try (Visit visit = Visit.desktop(browser, server).ready()) {
                Locator rows = visit.page.locator("#fleet-body tr");
                assertThat(rows).hasCount(3);
                assertThat(rows.nth(1).locator("td")).hasText(new String[] {
                    "eu-1 this one",
                    "listening",
                    "up",
                    "1,200",
                    "12",
                    "1,202",
                    "eu-1.example.com:42000",
                    "0.1.0",
                    "2 d 2 h",
                    "now"
                });
                assertThat(rows.nth(2).locator("td")).hasText(new String[] {
                    "eu-2", "draining", "down", "700", "7", "702", "–", "0.1.0", "2 d 2 h", "now"
                });
                assertThat(rows.nth(0)).containsText("<b>eu-3</b>"); // as text
                assertThat(visit.page.locator("#fleet b")).hasCount(0);
                visit.sees("store-when-away", "new sessions are refused");
                assertThat(visit.id("store-records")).isHidden(); // Redis does not tell
            }
        }
    }

    @Test
    void aServerThatVanishesIsShownAsSilentAndOneThatDrainedAsEnded(Browser browser) throws Exception {
        Map<String, @Nullable Object> draining = server("eu-3", 3, 9);
        draining.putAll(Map.of("state", "draining", "draining", true));
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5))) {
            server.fleet.redis(true, 0, "continue", List.of(server("eu-1", 1, 10), server("eu-2", 2, 20), draining));
            try (Visit visit = Visit.desktop(browser, server).ready()) {
                assertThat(row(visit, 2)).containsText("listening");
                assertThat(row(visit, 3)).containsText("draining");

                server.fleet.redis(true, 0, "continue", List.of(server("eu-1", 1, 39)));
                assertThat(row(visit, 1)).containsText("39"); // the page asks by itself
                assertThat(row(visit, 2)).containsText("silent");
                assertThat(row(visit, 2)).containsText(Pattern.compile("[0-9]{2}:[0-9]{2}:[0-9]{2}$"));
                assertThat(row(visit, 2).locator("td").nth(3)).hasText("–"); // its sessions are not known any more
                assertThat(row(visit, 3)).containsText("ended");

                server.fleet.redis(true, 0, "continue", List.of(server("eu-1", 1, 10), server("eu-2", 4, 7)));
                assertThat(row(visit, 4)).containsText("listening");
                assertThat(row(visit, 2)).hasCount(0); // it came back as another process
                assertThat(row(visit, 3)).hasCount(1);
            }
        }
    }

    @Test
    void whileTheStoreIsAwayNoServerIsTakenForSilent(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5))) {
            server.fleet.redis(true, 0, "continue", List.of(server("eu-1", 1, 10), server("eu-2", 2, 20)));
            try (Visit visit = Visit.desktop(browser, server).ready()) {
                assertThat(row(visit, 2)).containsText("now");
                assertThat(visit.id("fleet-note")).isEmpty();

                server.fleet.redis(false, 3, "continue", List.of(server("eu-1", 1, 10)));
                visit.sees("store-up", "away");
                visit.sees("store-unrecorded", "3 sessions of this server");
                visit.sees("fleet-note", "The servers are as they were when the store was reached last\\.");
                assertThat(row(visit, 2)).containsText("listening");

                server.fleet.redis(true, 0, "continue", List.of(server("eu-1", 1, 10)));
                visit.sees("store-up", "reached");
                assertThat(row(visit, 2)).containsText("silent");
                assertThat(visit.id("fleet-note")).isEmpty();
            }
        }
    }

    @Test
    void whenThisServerIsGoneNoOtherOneWasHeard(Browser browser) throws Exception {
        FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
        server.fleet.redis(true, 0, "continue", List.of(server("eu-1", 1, 10), server("eu-2", 2, 20)));
        try (Visit visit = Visit.desktop(browser, server).ready()) {
            visit.expecting("ERR_");
            assertThat(row(visit, 2)).containsText("now");
            server.close();
            visit.sees("state", "No answer");
            assertThat(row(visit, 2)).not().containsText("now");
            assertThat(row(visit, 2)).containsText(Pattern.compile("[0-9]{2}:[0-9]{2}:[0-9]{2}$"));
            visit.sees("store-up", "not known");
        } finally {
            server.close();
        }
    }

    @Test
    void onAPhoneNothingHasToBeScrolledSideways(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5))) {
            server.fleet.redis(
                    true, 0, "continue", List.of(server("eu-1", 1, 10), server("a-long-name".repeat(6), 2, 123_456)));
            try (Visit visit = new Visit(browser, server.url(), Visit.Look.PHONE).ready()) {
                assertThat(row(visit, 2)).isVisible();
                assertThat(visit.width()).isEqualTo(360);
                var box = visit.id("fleet").boundingBox();
                assertThat(box.x + box.width).isLessThanOrEqualTo(360);
            }
        }
    }

    private static Locator row(Visit visit, int number) {
        return visit.page.locator(
                "#fleet-body tr[data-server='" + String.valueOf(number).repeat(32) + "']");
    }
}
