package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of the chat on a phone, in both themes, by keyboard, and for people who cannot see it. */
@ExtendWith(Chromium.class)
class ChatLooksTest {
    private static final double TEXT = 4.5;
    private static final double MARK = 3;
    private static final List<String> TEXTS = List.of(
            "text on ground",
            "text on card",
            "text on raised",
            "muted on card",
            "muted on raised",
            "accent on card",
            "on-accent on accent",
            "good on card",
            "warn on card",
            "bad on card");
    private static final List<String> MARKS = List.of("edge on card", "accent on card", "accent on ground");

    private static Chat chat;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        chat = new Chat(folder);
    }

    @AfterAll
    static void close() {
        chat.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void coloursDifferEnoughFromTheirGround(ColorScheme scheme, Browser browser) {
        try (Visit visit = chat.visit(browser, new Visit.Look(1080, 640, scheme))) {
            assertThat(Contrast.luminance(visit.color("ground")) < 0.05).isEqualTo(scheme == ColorScheme.DARK);
            assertThat(TEXTS).allMatch(pair -> contrast(visit, pair) >= TEXT);
            assertThat(MARKS).allMatch(pair -> contrast(visit, pair) >= MARK);
            for (int i = 0; i < 6; i++) {
                String ground = (String) visit.page.evaluate(
                        "name => { const e = document.createElement('i'); "
                                + "e.className = name; document.body.append(e); const c = getComputedStyle(e).backgroundColor; "
                                + "e.remove(); return c; }",
                        "colour-" + i);
                assertThat(Contrast.of(visit.color("on-avatar"), ground)).isGreaterThanOrEqualTo(TEXT);
            }
        }
    }

    private static double contrast(Visit visit, String pair) {
        String[] names = pair.split(" on ");
        return Contrast.of(visit.color(names[0]), visit.color(names[1]));
    }

    @Test
    void onAPhoneNothingHasToBeScrolledSideways(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("a-name-of-20-letters");
                Visit ann = chat.visitAs("phone", browser, Visit.Look.PHONE)) {
            bob.say("x".repeat(300));
            Chat.say(ann, "word ".repeat(60));
            assertThat(ann.page.locator("#lines .said", new Page.LocatorOptions().setHasText("word word")))
                    .isVisible();
            assertThat(ann.width()).isEqualTo(360);
            assertThat(ann.id("log").evaluate("e => e.scrollWidth <= e.clientWidth"))
                    .isEqualTo(true);
            var send = ann.button("Send").boundingBox();
            assertThat(send.x + send.width).isLessThanOrEqualTo(360);
            assertThat(send.y + send.height).isLessThanOrEqualTo(740);
            assertThat(ann.id("log").evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight < 2"))
                    .as("the newest line is in view")
                    .isEqualTo(true);
        }
    }

    @Test
    void everythingIsReachedByKeyboardAndHasARoleAndAName(Browser browser) throws Exception {
        try (Visit ann = chat.visit(browser, Visit.Look.DESKTOP)) {
            assertThat(ann.id("name")).isFocused();
            assertThat(ann.page.getByLabel("Your name")).isVisible();
            Chat.join(ann, "keys");
            assertThat(ann.id("text")).isFocused();
            assertThat(ann.page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true)))
                    .isVisible();
            assertThat(ann.page.getByRole(AriaRole.LOG)).isVisible();
            assertThat(ann.page.getByRole(AriaRole.STATUS)).hasText("Connected");
            assertThat(ann.page.getByRole(AriaRole.COMPLEMENTARY)).containsText("keys");
            for (String landmark : List.of("body > header", "main", "h1", "html[lang]", "title")) {
                assertThat(ann.page.locator(landmark)).hasCount(1);
            }
            ann.press("Tab");
            assertThat(ann.button("Send")).isFocused();
            assertThat(ann.button("Send").evaluate("e => getComputedStyle(e).outlineStyle"))
                    .isNotEqualTo("none");
            ann.tabTo(ann.button("Leave"));
            ann.press("Enter");
            ann.sees("notice", "You have left the chat.");
        }
    }

    @Test
    void theTitleCountsLinesThatCameUnseen(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("bob");
                Visit ann = chat.visitAs("title", browser, Visit.Look.DESKTOP)) {
            ann.page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})");
            bob.say("one");
            bob.say("two");
            assertThat(ann.page).hasTitle("(2) Voltlane chat");
            ann.page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
            assertThat(ann.page).hasTitle("Voltlane chat");
        }
    }
}
