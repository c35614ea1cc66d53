package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The table of sessions, with 20 000 of them. */
@ExtendWith(Chromium.class)
class SessionsTest {
    private static final int SESSIONS = 20_000;

    @Test
    void aPageAtATimeIsShownOfVeryManySessions(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(SESSIONS, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            Locator rows = visit.page.locator("#sessions-body tr");
            assertThat(rows).hasCount(50);
            assertThat(rows.first()).containsText("1000");
            assertThat(visit.id("sessions-count")).hasText(Pattern.compile("^1 to 50 of more"));
            assertThat(visit.id("sessions-first")).isDisabled();

            visit.button("Next page").click();
            assertThat(visit.id("sessions-count")).hasText(Pattern.compile("^51 to 100 of more"));
            assertThat(rows.first()).containsText("1050");
            visit.button("First page").click();
            assertThat(rows.first()).containsText("1000");
        }
    }

    @Test
    void aHeadingSorts(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(SESSIONS, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            Locator first = visit.page.locator("#sessions-body tr").first();
            Locator age = visit.page.getByRole(AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName("Age"));
            assertThat(age).hasAttribute("aria-sort", "none");
            age.getByRole(AriaRole.BUTTON).click();
            assertThat(age).hasAttribute("aria-sort", "descending");
            age.getByRole(AriaRole.BUTTON).click();
            assertThat(age).hasAttribute("aria-sort", "ascending");
            assertThat(first).containsText(String.valueOf(1000 + SESSIONS - 1));
            assertThat(visit.page.locator("input[name=order]:checked")).hasValue("-opened");
        }
    }

    @Test
    void aSessionIsLookedAtByItsId(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(SESSIONS, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.page.locator("[data-session='1001']").click();
            assertThat(visit.dialog()).containsText("Session 1001");
            assertThat(visit.dialog()).containsText("600 of 1,024 packets");
            assertThat(visit.dialog()).containsText("89,999 packets");
            assertThat(visit.dialog()).containsText("wss");
            assertThat(visit.page.locator("#sessions-body tr").first()).containsText("tcp");
            visit.press("Escape");
            assertThat(visit.page.locator("[data-session='1001']")).isFocused();

            visit.page
                    .getByLabel("Session", new Page.GetByLabelOptions().setExact(true))
                    .fill("20999");
            visit.press("Enter");
            assertThat(visit.dialog()).containsText("Session 20999");
        }
    }

    @Test
    void anUnknownSessionAndAWrongFilterAreTold(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(SESSIONS, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.expecting("status of 40[04]");
            visit.page
                    .getByLabel("Session", new Page.GetByLabelOptions().setExact(true))
                    .fill("5");
            visit.press("Enter");
            assertThat(visit.dialog()).containsText("There is no such session");
            visit.press("Escape");

            visit.page
                    .getByLabel("Session", new Page.GetByLabelOptions().setExact(true))
                    .fill("");
            visit.page
                    .getByLabel("Address", new Page.GetByLabelOptions().setExact(true))
                    .fill("somewhere");
            visit.press("Enter");
            assertThat(visit.id("sessions-problem")).hasText("address (expected: an address or a network)");
        }
    }

    @Test
    void withoutSessionsTheTableSaysSo(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(0, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            assertThat(visit.id("sessions-body")).hasText("No sessions.");
            visit.page.locator("select[name=state]").selectOption("stale");
            assertThat(visit.id("sessions-body")).hasText("No session matches.");
            assertThat(visit.id("bans-note")).hasText("No address is banned.");
            assertThat(server.api.changes).isEmpty();
        }
    }
}
