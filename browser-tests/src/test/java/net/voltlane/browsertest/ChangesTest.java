package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changes to the server, made by the keyboard alone: each asks first, and the token is asked for once. */
@ExtendWith(Chromium.class)
class ChangesTest {
    @Test
    void aSessionIsKickedByTheKeyboard(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            Locator session = visit.page.locator("[data-session='1000']");
            visit.tabTo(session);
            visit.press("Enter");
            visit.tabTo(visit.button("Kick…"));
            visit.press("Enter");
            assertThat(visit.dialog()).containsText("ends now, as if the master had kicked it");
            assertThat(visit.button("Cancel")).isFocused();
            visit.press("Enter"); // by mistake
            assertThat(visit.page.locator("dialog[open]")).hasCount(0);
            assertThat(server.api.changes).isEmpty();

            visit.tabTo(session);
            visit.press("Enter");
            visit.tabTo(visit.button("Kick…"));
            visit.press("Enter");
            visit.tabTo(visit.button("Kick"));
            visit.press("Enter");
            giveToken(visit, FakeServer.TOKEN);
            assertThat(visit.id("toast")).hasText("Session 1000 was kicked.");
            assertThat(server.api.changes).containsExactly("kick 1000");
        }
    }

    @Test
    void anAddressIsBannedAndTheBanIsLifted(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.expecting("status of 400");
            visit.tabTo(visit.id("ban"));
            visit.press("Enter");
            assertThat(visit.dialog()).containsText("Clients that are connected stay");
            assertThat(visit.id("ban-address")).isFocused();
            visit.page.keyboard().type("nonsense");
            visit.press("Enter");
            giveToken(visit, FakeServer.TOKEN);
            assertThat(visit.dialog().locator(".problem")).containsText("expected: an address or a network");
            visit.id("ban-address").fill("192.0.2.7");
            visit.tabTo(visit.id("ban-time"));
            visit.press("ArrowDown");
            visit.tabTo(visit.button("Ban"));
            visit.press("Enter");
            assertThat(visit.id("bans")).containsText("192.0.2.7");

            visit.tabTo(visit.button("Lift the ban of 192.0.2.7"));
            visit.press("Enter");
            visit.tabTo(visit.button("Lift the ban"));
            visit.press("Enter");
            assertThat(visit.id("bans")).not().containsText("192.0.2.7");
            assertThat(server.api.changes)
                    .containsExactly("ban {\"address\":\"192.0.2.7\",\"seconds\":3600}", "lift 192.0.2.7");
        }
    }

    @Test
    void aSessionsAddressIsBannedWithoutItsPort(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.page.locator("[data-session='1003']").click();
            assertThat(visit.dialog()).containsText("[2001:db8::3]:40003");
            visit.button("Ban its address…").click();
            assertThat(visit.id("ban-address")).hasValue("2001:db8::3");
            assertThat(server.api.changes).isEmpty();
        }
    }

    @Test
    void aDrainSaysWhatWillHappenAndIsShown(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.tabTo(visit.id("drain"));
            visit.press("Enter");
            assertThat(visit.dialog())
                    .containsText(Pattern.compile("[0-9]+ sessions may receive what waits for them, within 5 s"));
            assertThat(visit.dialog()).containsText("the process ends with status 0");
            visit.press("Escape");
            assertThat(visit.id("drain")).isFocused();
            assertThat(server.api.changes).isEmpty();

            visit.press("Enter");
            visit.tabTo(visit.button("Drain and stop"));
            visit.press("Enter");
            giveToken(visit, FakeServer.TOKEN);
            visit.sees("state", "Draining");
            assertThat(visit.id("banner")).containsText("No new clients. 12 sessions left");
            assertThat(visit.id("drain")).isDisabled();
            assertThat(server.api.changes).containsExactly("drain");
        }
    }

    @Test
    void aReloadThatFailsShowsTheErrorsAndOneThatSucceedsWhatItChanged(Browser browser) throws Exception {
        String error = "connserver.toml:3: limits.max_clients: \"many\" (expected: a number from 1)";
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.expecting("status of 422");
            server.api.reloadFails(error);
            visit.id("reload").click();
            visit.button("Reload").click();
            giveToken(visit, FakeServer.TOKEN);
            assertThat(visit.dialog().locator("[role=alert] li")).hasText(error);
        }
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.id("reload").click();
            visit.button("Reload").click();
            giveToken(visit, FakeServer.TOKEN);
            assertThat(visit.dialog()).containsText("limits.max_clients");
            assertThat(server.api.changes).containsExactly("reload");
        }
    }

    @Test
    void aWrongTokenIsToldAndTheRightOneIsAskedForOnce(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.expecting("status of 401");
            visit.id("log-level").click();
            assertThat(visit.id("level")).hasValue("Info");
            visit.id("level").selectOption("Debug");
            visit.button("Set the level").click();
            giveToken(visit, "the-wrong-token");
            assertThat(visit.id("token-wrong")).hasText("The server does not accept this token.");
            assertThat(visit.id("token")).isFocused();
            assertThat(visit.id("token")).hasValue("");
            assertThat(server.api.changes).isEmpty();

            giveToken(visit, FakeServer.TOKEN);
            assertThat(visit.id("toast")).hasText("The log level is Debug.");
            visit.page.reload();
            visit.ready();
            visit.id("log-level").click();
            visit.button("Set the level").click();
            await().until(() -> server.api.changes.size() == 2);
            assertThat(visit.page.evaluate("JSON.stringify(localStorage) + document.cookie + location.href"))
                    .asString()
                    .doesNotContain(FakeServer.TOKEN);
        }
    }

    @Test
    void withoutATokenNothingIsChanged(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(100, Duration.ofSeconds(5));
                Visit visit = Visit.desktop(browser, server).ready()) {
            visit.id("reload").click();
            visit.button("Reload").click();
            assertThat(visit.id("token")).isFocused();
            visit.press("Escape");
            assertThat(visit.dialog()).containsText("Reload the configuration?");
            visit.press("Escape");
            assertThat(visit.page.locator("dialog[open]")).hasCount(0);
            visit.sees("state", "Ready");
            assertThat(server.api.changes).isEmpty();
        }
    }

    private static void giveToken(Visit visit, String token) {
        assertThat(visit.id("token")).isFocused();
        visit.page.keyboard().type(token);
        visit.press("Enter");
    }
}
