package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A visit to a page, by an operator or by a user of the chat, in a browser profile of its own. {@link #close} fails if the page has asked
 * another server for something, was hindered by its content security policy, or has logged an error that was not
 * expected.
 */
final class Visit implements AutoCloseable {
    private final BrowserContext context;
    final Page page;
    private final List<String> faults = new ArrayList<>();
    private final List<Pattern> expected = new ArrayList<>();

    /** The look of a visit: the size of its window, and what the system prefers. */
    record Look(int width, int height, ColorScheme scheme) {
        static final Look DESKTOP = new Look(1280, 900, ColorScheme.LIGHT);
        static final Look DARK = new Look(1280, 900, ColorScheme.DARK);
        static final Look PHONE = new Look(360, 740, ColorScheme.LIGHT);
    }

    Visit(Browser browser, String url, Look look) {
        this(browser, url, look, false);
    }

    private Visit(Browser browser, String url, Look look, boolean trustsAll) {
        context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(look.width, look.height)
                .setColorScheme(look.scheme)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setTimezoneId("UTC")
                .setIgnoreHTTPSErrors(trustsAll));
        context.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
        page = context.newPage();
        page.addInitScript("addEventListener('securitypolicyviolation', "
                + "e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile))");
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                faults.add(message.text());
            }
        });
        page.onPageError(faults::add);
        context.onRequest(request -> {
            if (!request.url().startsWith(url)) {
                faults.add("asked for " + request.url());
            }
        });
        page.navigate(url);
    }

    /** Visits a page whose servers have certificates of an authority that Chromium does not know. */
    static Visit trustingAll(Browser browser, String url, Look look) {
        return new Visit(browser, url, look, true);
    }

    static Visit desktop(Browser browser, FakeServer server) {
        return new Visit(browser, server.url(), Look.DESKTOP);
    }

    /** Has the browser log an error that the test provokes, such as a refused request. */
    Visit expecting(String pattern) {
        expected.add(Pattern.compile(pattern));
        return this;
    }

    Locator id(String id) {
        return page.locator("#" + id);
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** The dialog that is open, on top of all others. */
    Locator dialog() {
        return page.locator("dialog[open]").last();
    }

    /** Waits until an element has a text that matches. */
    void sees(String id, String pattern) {
        assertThat(id(id)).hasText(Pattern.compile(pattern));
    }

    /** Waits until the first figures are there. */
    Visit ready() {
        sees("now-clients", "[0-9,]+");
        return this;
    }

    /** Presses keys, one after the other: names as Playwright's, such as {@code Tab}. */
    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    /** Presses Tab until an element has the focus. */
    void tabTo(Locator target) {
        for (int i = 0; i < 200; i++) {
            if ((Boolean) target.evaluate("element => element === document.activeElement")) {
                return;
            }
            press("Tab");
        }
        throw new AssertionError("Tab never leads to " + target);
    }

    /** The colour that the page's style has given a name, as {@code rgb(1, 2, 3)}. */
    String color(String name) {
        return (String) page.evaluate(
                "name => { const e = document.createElement('span'); e.style.color = `var(--${name})`; document.body.append(e); "
                        + "const c = getComputedStyle(e).color; e.remove(); return c; }",
                name);
    }

    /** The width of the page's content, which is that of the window where nothing has to be scrolled sideways. */
    int width() {
        return (Integer) page.evaluate("document.documentElement.scrollWidth");
    }

    @Override
    public void close() {
        List<String> unexpected = faults.stream()
                .filter(fault -> expected.stream()
                        .noneMatch(pattern -> pattern.matcher(fault).find()))
                .toList();
        context.close();
        assertThat(unexpected).as("faults of the page").isEmpty();
    }
}
