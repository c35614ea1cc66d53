package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The documentation site in a folder of a web server: its search, both themes, a phone, the keyboard and print. Each
 * {@link Visit} fails if a page asks for anything outside of that folder.
 */
@ExtendWith(Chromium.class)
class SiteTest {
    private static final double TEXT = 4.5;
    private static final double MARK = 3;
    private static final List<String> TEXTS = List.of(
            "text on ground",
            "text on raised",
            "text on mark",
            "strong on ground",
            "muted on ground",
            "muted on raised",
            "accent on ground",
            "accent on tint",
            "muted on tint",
            "on-accent on accent",
            "comment on raised",
            "string on raised",
            "word on raised",
            "number on raised");

    private static SiteServer site;

    @BeforeAll
    static void serve(@TempDir Path folder) throws IOException {
        site = new SiteServer(folder);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    private static Visit visit(Browser browser, String page, Visit.Look look) {
        Visit visit = new Visit(browser, site.url(), look);
        visit.page.navigate(site.url() + page);
        return visit;
    }

    private static Locator results(Visit visit) {
        return visit.page.locator("#site-results a");
    }

    private static String first(Visit visit) {
        return results(visit).first().getAttribute("href");
    }

    @Test
    void theSearchFindsASectionAndLeadsToIt(Browser browser) {
        try (Visit visit = visit(browser, "docs/client.html", Visit.Look.DESKTOP)) {
            visit.press("/");
            assertThat(visit.id("site-search")).isFocused();
            visit.page.keyboard().type("renew certif");
            assertThat(results(visit).first()).containsText("Renew certificates");
            visit.sees("site-count", "\\d+ results?");
            assertThat(results(visit).first().locator("mark").first()).isVisible();
            visit.press("ArrowDown");
            assertThat(results(visit).first()).isFocused();
            visit.press("Enter");
            assertThat(visit.page).hasURL(site.url() + "docs/tls.html#renew-certificates");
            assertThat(visit.id("renew-certificates")).isInViewport();
        }
    }

    @Test
    void titlesComeBeforeHeadingsAndHeadingsBeforeText(Browser browser) {
        try (Visit visit = visit(browser, "index.html", Visit.Look.DESKTOP)) {
            Locator field = visit.id("site-search");
            field.fill("tls");
            assertThat(results(visit).first()).containsText("TLS");
            assertThat(first(visit)).isEqualTo(site.url() + "docs/tls.html");
            assertThat(results(visit).nth(1)).containsText("›");
            field.fill("voltlane ctl");
            assertThat(results(visit).first()).containsText("Look at a running server");
            field.fill("stale_timeout_se");
            assertThat(results(visit).first().locator("mark").first()).hasText("stale_timeout_se");
            field.press("Enter");
            assertThat(visit.page).hasURL(Pattern.compile(".*/docs/configuration\\.html#.+"));
        }
    }

    @Test
    void theArrowsGoRoundAndEscapeEndsTheSearch(Browser browser) {
        try (Visit visit = visit(browser, "index.html", Visit.Look.DESKTOP)) {
            visit.press("/");
            visit.page.keyboard().type("resume");
            assertThat(results(visit).first()).isVisible();
            visit.press("ArrowUp");
            assertThat(results(visit).last()).isFocused();
            visit.press("ArrowDown");
            assertThat(visit.id("site-search")).isFocused();
            visit.press("ArrowDown", "ArrowDown");
            assertThat(results(visit).nth(1)).isFocused();
            visit.press("Escape");
            assertThat(visit.id("site-found")).isHidden();
            assertThat(visit.id("site-search")).isFocused();
            assertThat(visit.id("site-search")).hasValue("");
        }
    }

    @Test
    void aSearchWithoutResultsSaysSo(Browser browser) {
        try (Visit visit = visit(browser, "index.html", Visit.Look.DESKTOP)) {
            for (String query : List.of("xyzzy", "(*[+")) {
                visit.id("site-search").fill(query);
                assertThat(visit.id("site-count")).hasText("Nothing found for “" + query + "”.");
                assertThat(results(visit)).hasCount(0);
            }
        }
    }

    @Test
    void enterLeadsNowhereWhereNoResultIsShown(Browser browser) {
        try (Visit visit = visit(browser, "index.html", Visit.Look.DESKTOP)) {
            Locator field = visit.id("site-search");
            field.press("Enter"); // nothing was typed
            field.fill("xyzzy");
            visit.sees("site-count", "Nothing found .*");
            field.press("Enter");
            field.fill("tls");
            assertThat(results(visit).first()).isVisible();
            visit.page.mouse().click(2, 890); // closes the list, and leaves what is in it
            assertThat(visit.id("site-found")).isHidden();
            visit.page.evaluate("window.isTheSame = true");
            field.evaluate("field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))");
            visit.page.waitForTimeout(500); // a page that is left is gone by then
            assertThat(visit.page).hasURL(site.url() + "index.html");
            assertThat(visit.page.evaluate("window.isTheSame")).isEqualTo(true);
        } // which fails if the page has reported an error
    }

    @Test
    void withoutItsIndexTheSearchSaysSoAndTriesAgain(Browser browser) {
        try (Visit visit = visit(browser, "index.html", Visit.Look.DESKTOP).expecting("Failed to load resource")) {
            visit.page.route("**/search.json", route -> route.abort());
            visit.id("site-search").fill("tls");
            visit.sees("site-count", "The search is not available now\\.");
            visit.page.unroute("**/search.json");
            visit.id("site-search").fill("tls ");
            visit.id("site-search").fill("tls");
            assertThat(results(visit).first()).containsText("TLS");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void coloursDifferEnoughFromTheirGround(ColorScheme scheme, Browser browser) {
        try (Visit visit = visit(browser, "docs/client.html", new Visit.Look(1280, 900, scheme))) {
            assertThat(Contrast.luminance(visit.color("ground")) < 0.05).isEqualTo(scheme == ColorScheme.DARK);
            assertThat(Contrast.luminance(
                                    (String) visit.page.evaluate("getComputedStyle(document.body).backgroundColor"))
                            < 0.05)
                    .isEqualTo(scheme == ColorScheme.DARK);
            assertThat(TEXTS).allMatch(pair -> contrast(visit, pair) >= TEXT);
            assertThat(contrast(visit, "edge on ground")).isGreaterThanOrEqualTo(MARK);
        }
    }

    private static double contrast(Visit visit, String pair) {
        String[] names = pair.split(" on ");
        return Contrast.of(visit.color(names[0]), visit.color(names[1]));
    }

    @Test
    void onAPhoneNoPageHasToBeScrolledSideways(Browser browser) throws IOException {
        try (Visit visit = visit(browser, "index.html", Visit.Look.PHONE)) {
            for (String page : site.pages()) {
                visit.page.navigate(site.url() + page);
                assertThat(visit.width()).as(page).isEqualTo(360);
            }
            visit.page.navigate(site.url() + "docs/configuration.html");
            assertThat(visit.page.locator(".table").evaluateAll("all => all.some(e => e.scrollWidth > e.clientWidth)"))
                    .as("a wide table scrolls by itself")
                    .isEqualTo(true);
        }
    }

    @Test
    void onAPhoneThePagesAndTheContentsAreMenus(Browser browser) {
        try (Visit visit = visit(browser, "docs/tls.html", Visit.Look.PHONE)) {
            assertThat(visit.id("site-pages")).isHidden();
            assertThat(visit.id("site-contents")).isHidden();
            visit.button("On this page").click();
            visit.id("site-contents").getByText("Renew certificates").click();
            assertThat(visit.page).hasURL(Pattern.compile(".*#renew-certificates"));
            visit.press("Escape");
            assertThat(visit.id("site-contents")).isHidden();
            visit.button("Pages").click();
            assertThat(visit.id("site-pages").locator("[aria-current=page]")).hasText("TLS");
            visit.id("site-search").fill("tutorial");
            assertThat(results(visit).first()).isInViewport();
            assertThat(visit.width()).isEqualTo(360);
        }
    }

    @Test
    void everythingIsReachedByKeyboardAndHasARoleAndAName(Browser browser) {
        try (Visit visit = visit(browser, "docs/tls.html", Visit.Look.DESKTOP)) {
            visit.press("Tab");
            assertThat(visit.page.getByText("Skip to the text")).isFocused();
            assertThat(visit.page.getByText("Skip to the text")).isInViewport();
            visit.press("Enter");
            assertThat(visit.page.getByRole(AriaRole.MAIN)).isFocused();
            assertThat(visit.page.getByRole(AriaRole.SEARCH)).isVisible();
            assertThat(visit.page.getByLabel("Search", new Page.GetByLabelOptions().setExact(true)))
                    .isVisible();
            for (String name : List.of("Pages", "On this page", "Previous and next page")) {
                assertThat(visit.page.getByRole(
                                AriaRole.NAVIGATION,
                                new Page.GetByRoleOptions().setName(name).setExact(true)))
                        .isVisible();
            }
            assertThat(visit.page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .hasCount(1);
            Locator next = visit.page.locator("[rel=next]");
            visit.tabTo(next);
            assertThat(next.evaluate("e => getComputedStyle(e).outlineStyle")).isNotEqualTo("none");
            visit.press("Enter");
            assertThat(visit.page).hasURL(site.url() + "docs/security.html");
        }
    }

    @Test
    void onPaperThereIsTheTextAlone(Browser browser) {
        try (Visit visit = visit(browser, "docs/tls.html", Visit.Look.DARK)) {
            visit.page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
            for (String part : List.of("header.top", "#site-pages", "#site-contents", ".neighbours")) {
                assertThat(visit.page.locator(part)).isHidden();
            }
            assertThat(visit.page.locator("h1")).isVisible();
            assertThat(Contrast.luminance(visit.color("ground"))).isGreaterThan(0.9);
        }
    }

    @Test
    void thePagesAreReadWithoutScripts(Browser browser) {
        try (BrowserContext context = browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            Page page = context.newPage();
            page.navigate(site.url() + "docs/tls.html");
            assertThat(page.locator("h1")).hasText("TLS");
            assertThat(page.locator(".search")).isHidden();
            page.locator("#site-pages").getByText("Metrics").click();
            assertThat(page).hasURL(site.url() + "docs/metrics.html");
        }
    }
}
