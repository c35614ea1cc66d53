package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** The page on a phone, in both themes, and for people who cannot see it. */
@ExtendWith(Chromium.class)
class LooksTest {
    private static final double TEXT = 4.5;
    private static final double MARK = 3;

    /** Colours that stand on each other: text first, then lines and marks. */
    private static final List<String> TEXTS = List.of(
            "text on ground",
            "text on card",
            "text on raised",
            "muted on ground",
            "muted on card",
            "accent on card",
            "accent on ground",
            "on-accent on accent",
            "on-accent on bad",
            "good on card",
            "warn on card",
            "bad on card",
            "good on good-ground",
            "warn on warn-ground",
            "bad on bad-ground",
            "text on warn-ground",
            "text on bad-ground",
            "ground on text");

    private static final List<String> MARKS = List.of(
            "first on card", "second on card", "edge on card", "edge on ground", "bad on ground", "first on raised");

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void coloursDifferEnoughFromTheirGround(ColorScheme scheme, Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(0, Duration.ofSeconds(2));
                Visit visit = new Visit(browser, server.url(), new Visit.Look(1280, 900, scheme))) {
            List<String> pale = new ArrayList<>();
            TEXTS.forEach(pair -> check(visit, pair, TEXT, pale));
            MARKS.forEach(pair -> check(visit, pair, MARK, pale));
            assertThat(pale).isEmpty();
        }
    }

    private static void check(Visit visit, String pair, double least, List<String> pale) {
        String[] names = pair.split(" on ");
        double contrast = Contrast.of(visit.color(names[0]), visit.color(names[1]));
        if (contrast < least) {
            pale.add("%s: %.2f to 1, where %.1f is needed".formatted(pair, contrast, least));
        }
    }

    @Test
    void theThemeFollowsTheSystemAndCanBeChosen(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = new Visit(browser, server.url(), Visit.Look.DARK).ready()) {
            double dark = Contrast.luminance(visit.color("ground"));
            assertThat(dark).isLessThan(0.05);
            visit.button("Theme: auto").click();
            assertThat(Contrast.luminance(visit.color("ground"))).isGreaterThan(0.8);
            visit.page.reload();
            assertThat(visit.button("Theme: light")).isVisible();
            visit.button("Theme: light").click();
            assertThat(visit.button("Theme: dark")).isVisible();
            assertThat(Contrast.luminance(visit.color("ground"))).isEqualTo(dark);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void onAPhoneNothingHasToBeScrolledSideways(ColorScheme scheme, Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(20_000, Duration.ofMinutes(2));
                Visit visit = new Visit(browser, server.url(), new Visit.Look(360, 740, scheme)).ready()) {
            assertThat(visit.page.locator("#sessions-body tr")).hasCount(50);
            server.log(Level.WARN, "x".repeat(300));
            assertThat(visit.page.locator("#events .warn").first()).containsText("xxx");
            assertThat(visit.width()).isEqualTo(360);
            server.world.masterIsUp(false);
            visit.sees("state", "Not ready");
            assertThat(visit.width()).isEqualTo(360);
            for (String opener : List.of("drain", "reload", "log-level", "ban")) {
                visit.id(opener).click();
                assertInside(visit.dialog());
                visit.press("Escape");
            }
            visit.page.locator("[data-session='1000']").click();
            assertInside(visit.dialog());
            assertThat(visit.width()).isEqualTo(360);
        }
    }

    private static void assertInside(Locator dialog) {
        var box = dialog.boundingBox();
        assertThat(box.x).isNotNegative();
        assertThat(box.x + box.width).isLessThanOrEqualTo(360);
        assertThat((Boolean) dialog.evaluate("d => d.scrollWidth <= d.clientWidth"))
                .isTrue();
    }

    @Test
    void everythingHasARoleAndAName(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofMinutes(2));
                Visit visit = withAFleet(browser, server).ready()) {
            assertThat(visit.id("fleet")).isVisible();
            for (String landmark : List.of(
                    "body > header", "main", "nav[aria-label]", "body > footer", "form[role=search][aria-label]")) {
                assertThat(visit.page.locator(landmark)).hasCount(1);
            }
            assertThat(visit.page.locator("h1")).hasCount(1);
            assertNone(
                    visit,
                    "a heading skips a level",
                    "(() => { let last = 0; return [...document.querySelectorAll('h1, h2, h3')]"
                            + ".filter(h => { const n = +h.tagName[1]; const bad = n > last + 1; last = n; return bad; }).map(h => h.textContent); })()");
            assertNone(
                    visit,
                    "a button has no name",
                    "[...document.querySelectorAll('button')]"
                            + ".filter(b => !(b.ariaLabel || b.textContent).trim()).map(b => b.outerHTML)");
            assertNone(
                    visit,
                    "a field has no label",
                    "[...document.querySelectorAll('input, select')]"
                            + ".filter(i => i.labels.length === 0 || !i.labels[0].textContent.trim()).map(i => i.outerHTML)");
            assertNone(
                    visit,
                    "a label leads nowhere",
                    "[...document.querySelectorAll('[aria-labelledby], [aria-describedby]')]"
                            + ".flatMap(e => [e.getAttribute('aria-labelledby'), e.getAttribute('aria-describedby')]).filter(Boolean)"
                            + ".flatMap(ids => ids.split(' ')).filter(id => !['dialog-title', 'token-title'].includes(id) && !document.getElementById(id))");
            assertNone(
                    visit,
                    "a chart is not described",
                    "[...document.querySelectorAll('.plot')].filter(p => p.role !== 'img' "
                            + "|| !document.getElementById(p.getAttribute('aria-describedby')).textContent.includes('max')).map(p => p.outerHTML)");
            assertNone(
                    visit,
                    "an id is there twice",
                    "[...document.querySelectorAll('[id]')].map(e => e.id)"
                            + ".filter((id, i, all) => all.indexOf(id) !== i)");
            assertNone(
                    visit,
                    "a meter has no value",
                    "[...document.querySelectorAll('[role=meter]')]"
                            + ".filter(m => !m.ariaLabel || m.ariaValueNow === null).map(m => m.outerHTML)");
        }
    }

    @Test
    void theFocusIsSeenAndTheFirstTabSkipsToTheFigures(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.press("Tab");
            assertThat(visit.page.locator(".skip")).isFocused();
            visit.press("Enter");
            assertThat(visit.id("main")).isFocused();
            for (int i = 0; i < 12; i++) {
                visit.press("Tab");
                String seen = (String)
                        visit.page.evaluate(
                                "(() => { const e = document.activeElement; "
                                        + "const s = getComputedStyle(e.type === 'radio' ? e.closest('fieldset') : e); "
                                        + "return s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 1 ? e.outerHTML : ''; })()");
                assertThat(seen).as("an element whose focus is not seen").isEmpty();
            }
        }
    }

    @Test
    void nothingMovesForThoseWhoWantItStill(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            assertNone(
                    visit,
                    "an element moves",
                    "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e); "
                            + "return s.animationName !== 'none' || s.transitionDuration.split(', ').some(d => d !== '0s'); }).map(e => e.outerHTML)");
        }
    }

    private static Visit withAFleet(Browser browser, FakeServer server) {
        server.fleet.redis(
                true, 0, "continue", List.of(FakeFleetApi.server("eu-1", 1, 10), FakeFleetApi.server("eu-2", 2, 20)));
        return Visit.desktop(browser, server);
    }

    private static void assertNone(Visit visit, String what, String expression) {
        assertThat((List<?>) visit.page.evaluate(expression)).as(what).isEmpty();
    }
}
