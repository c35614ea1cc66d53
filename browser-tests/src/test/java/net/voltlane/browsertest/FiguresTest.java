package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

/** The figures on the page, while the server runs, while its master is away, and when it is gone. */
@ExtendWith(Chromium.class)
class FiguresTest {
    /** True if a chart's canvas has pixels in the colour of its first line. */
    private static final String IS_DRAWN = "plot => { const c = plot.querySelector('canvas'); "
            + "const [r, g, b] = getComputedStyle(plot.parentElement.querySelector('.key')).borderTopColor.match(/\\d+/g); "
            + "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; "
            + "for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200 && Math.abs(d[i] - r) < 12 && Math.abs(d[i + 1] - g) < 12 "
            + "&& Math.abs(d[i + 2] - b) < 12) n++; return n; }";

    @Test
    void aPageThatWasJustOpenedShowsThePresentAndThePast(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(1000, Duration.ofMinutes(70));
                Visit visit = Visit.desktop(browser, server)) {
            visit.sees("state", "Ready");
            visit.sees("now-clients", "9[0-9]{2}|1,000");
            visit.sees("now-packets-up", "1[0-9](\\.[0-9])?k|[0-9],[0-9]{3}");
            visit.sees("now-traffic-down", "[0-9.]+ MiB");
            visit.sees("now-queue", "[1-4] %");
            visit.sees("version", "0\\.1\\.0");
            visit.sees("listeners", "127\\.0\\.0\\.1:42000");
            visit.expecting("willReadFrequently"); // of the test's own look at the canvas

            Locator plots = visit.page.locator(".plot");
            assertThat(plots).hasCount(6);
            assertThat(visit.id("chart-says-1"))
                    .containsText(Pattern.compile("from clients [0-9.,k]+min [0-9.,k]+max [0-9.,k]+"));
            for (Locator plot : plots.all()) {
                isDrawn(visit, plot);
            }
        }
    }

    @Test
    void theTimeShownCanBeTenMinutesAnHourOrADay(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(1000, Duration.ofMinutes(70));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.expecting("willReadFrequently"); // of the test's own look at the canvas
            Locator lag = visit.id("chart-says-4");
            assertThat(lag).containsText("max 30");
            for (String name : List.of("1 h", "24 h", "10 min")) {
                visit.page
                        .locator(".choice label")
                        .getByText(name, new Locator.GetByTextOptions().setExact(true))
                        .click();
                visit.sees("range-name", name.equals("1 h") ? "hour" : name.equals("24 h") ? "24 hours" : "10 minutes");
                isDrawn(visit, visit.page.locator(".plot").first());
            }
        }
    }

    @Test
    void figuresFollowTheServer(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(20_000, Duration.ofMinutes(1));
                Visit visit = Visit.desktop(browser, server).ready()) {
            String before =
                    visit.id("now-memory").textContent() + visit.id("now-lag").textContent();
            visit.page.waitForFunction(
                    "before => document.getElementById('now-memory').textContent "
                            + "+ document.getElementById('now-lag').textContent !== before",
                    before);
            server.log(Level.ERROR, "<img src=x onerror=alert(1)> is text");
            assertThat(visit.page.locator("#events .error .text")).hasText("<img src=x onerror=alert(1)> is text");
            assertThat(visit.page.locator("#events img")).hasCount(0);
        }
    }

    @Test
    void aMasterThatIsAwayIsToldWithTheReason(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(1000, Duration.ofMinutes(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            assertThat(visit.id("banner")).isHidden();
            server.world.masterIsUp(false);
            visit.sees("state", "Not ready");
            assertThat(visit.id("banner")).hasText("Not ready: the master is not connected.");
            assertThat(visit.page).hasTitle(Pattern.compile("^Not ready"));
            assertThat(visit.id("master")).containsText("not connected");
            assertThat(visit.id("away-note")).isVisible();

            server.world.masterIsUp(true);
            visit.sees("state", "Ready");
            assertThat(visit.id("banner")).isHidden();
            assertThat(visit.id("master")).not().containsText("not connected");
            assertThat(visit.id("away-note")).isVisible(); // it still lies in the time shown
        }
    }

    @Test
    void aServerThatIsGoneIsToldAndItsLastFiguresAreNotShownAsNew(Browser browser) throws Exception {
        FakeServer server = new FakeServer(1000, Duration.ofMinutes(5));
        try (Visit visit = Visit.desktop(browser, server).ready()) {
            visit.expecting(
                    "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE");
            server.close();
            visit.sees("state", "No answer");
            assertThat(visit.id("banner")).containsText(Pattern.compile("The last figures came at [0-9:]{8}"));
            assertThat(visit.page).hasTitle(Pattern.compile("^No answer"));
            for (String figure :
                    List.of("clients", "packets-up", "traffic-down", "queue", "refusals", "lag", "memory")) {
                visit.sees("now-" + figure, "–");
            }
            visit.sees("uptime", "–");
            assertThat(visit.page.locator("#chart-says-0 b").first()).hasText("–");
            for (String change : List.of("drain", "reload", "log-level", "ban")) {
                assertThat(visit.id(change)).isDisabled();
            }

            try (FakeServer again = new FakeServer(500, Duration.ofMinutes(5), server.port())) {
                visit.sees("state", "Ready");
                visit.sees("now-clients", "4[0-9]{2}|500");
                assertThat(visit.id("drain")).isEnabled();
                assertThat(visit.id("banner")).isHidden();
                assertThat(again.api.changes).isEmpty();
            }
        } finally {
            server.close();
        }
    }

    @Test
    void changesOfStateAreReadOutAndSamplesAreNot(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(1000, Duration.ofMinutes(1));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.page.evaluate(
                    "window.told = 0; for (const live of document.querySelectorAll('[aria-live], [role=alert], [role=status]')) "
                            + "new MutationObserver(all => { told += all.length; }).observe(live, {subtree: true, childList: true, characterData: true})");
            visit.page.waitForTimeout(2500);
            assertThat(visit.page.evaluate("told")).isEqualTo(0);

            server.world.masterIsUp(false);
            visit.page.waitForFunction("() => told > 0");
        }
    }

    private static void isDrawn(Visit visit, Locator plot) {
        visit.page.waitForCondition(() -> (Integer) plot.evaluate(IS_DRAWN) > 0);
    }
}
