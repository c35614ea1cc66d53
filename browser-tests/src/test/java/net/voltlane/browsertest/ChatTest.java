package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of the chat, with users at terminals, over whatever breaks. */
@ExtendWith(Chromium.class)
@SuppressWarnings("try") // some users leave before the end
class ChatTest {
    private static final String LOST = "Connection lost, coming back …";
    private static final int STREAM = 150;
    private static final int MANY = 500;
    /** Lines that the page keeps. */
    private static final int KEPT = 200;

    /** Notes in {@code life} when the page is frozen and woken up, and each line that appears, in order. */
    private static final String NOTE_LIFE = """
            globalThis.life = [];
            for (const type of ["freeze", "resume"]) document.addEventListener(type, () => life.push(type));
            new MutationObserver(changes => changes.forEach(({addedNodes}) => addedNodes.forEach(node => {
              if (node.matches(".said")) life.push(node.querySelector(".text").textContent);
            }))).observe(document.getElementById("lines"), {childList: true});
            """;

    private Chat chat;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        chat = new Chat(folder);
    }

    @AfterEach
    void close() {
        chat.close();
    }

    @Test
    void browserAndTerminalAreInOneRoom(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("bob");
                Visit ann = chat.visitAs("ann", browser, Visit.Look.DESKTOP)) {
            assertThat(people(ann)).hasText(new String[] {"ann", "bob"});
            Chat.say(ann, "hello from the browser");
            bob.say("<img src=x onerror=alert(1)> & grüße 👋");

            assertThat(others(ann)).hasText(new String[] {"<img src=x onerror=alert(1)> & grüße 👋"});
            assertThat(own(ann)).hasText(new String[] {"hello from the browser"});
            await().untilAsserted(() -> assertThat(bob.heard).containsExactly("ann: hello from the browser"));

            bob.close();
            assertThat(people(ann)).hasText(new String[] {"ann"});
            assertThat(ann.page.locator("#lines .news").last()).containsText("bob has left");
            ann.id("leave").click();
            ann.sees("notice", "You have left the chat.");
            assertThat(ann.id("name")).isFocused();
        }
    }

    @Test
    void markupInNamesIsTextAndOfManyLinesTheNewestAreKept(Browser browser) throws Exception {
        String name = "<img src=x>&amp;\"'";
        try (Chat.Terminal other = chat.new Terminal(name);
                Visit ann = chat.visitAs("<b>ann</b>", browser, Visit.Look.DESKTOP)) {
            assertThat(people(ann)).hasText(new String[] {"<b>ann</b>", name});
            for (int i = 1; i <= MANY; i++) {
                other.say("b" + i);
            }
            assertThat(others(ann).last()).hasText("b" + MANY);
            List<String> newest = numbered("b", MANY).subList(MANY - KEPT, MANY);
            assertThat(others(ann).allTextContents()).isEqualTo(newest);
            assertThat(ann.id("log").evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight < 2"))
                    .as("the newest line is in view")
                    .isEqualTo(true);

            ann.page.reload();
            ann.sees("status", "Connected");
            assertThat(others(ann).allTextContents()).isEqualTo(newest);
            assertThat(ann.page.locator("#lines .who").last()).hasText(name);
            assertThat(ann.page.locator("main img, main b")).hasCount(0);
        }
    }

    @Test
    void reloadsInTheMiddleOfAStreamLoseNothingAndDoubleNothing(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("bob");
                Visit ann = chat.visitAs("ann", browser, Visit.Look.DESKTOP);
                Speech speech = new Speech(bob)) {
            int said = 0;
            while (speech.isRunning()) {
                // The page goes away right behind the line, which may not have left the browser.
                Chat.say(ann, "a" + ++said);
                ann.page.reload();
            }
            assertThat(said).isGreaterThan(1);
            nothingIsLostOrTwice(ann, bob, said);
        }
    }

    @Test
    void cutLinksInTheMiddleOfAStreamLoseNothingAndDoubleNothing(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("bob");
                Visit ann = chat.visitAs("ann", browser, Visit.Look.DESKTOP);
                Speech speech = new Speech(bob)) {
            int said = 0;
            while (speech.isRunning()) {
                Chat.say(ann, "a" + ++said);
                chat.relay.cut();
                Chat.say(ann, "a" + ++said);
                ann.sees("status", LOST);
                ann.sees("status", "Connected");
            }
            nothingIsLostOrTwice(ann, bob, said);
        }
    }

    private static void nothingIsLostOrTwice(Visit ann, Chat.Terminal bob, int said) {
        assertThat(others(ann).last()).hasText("b" + STREAM);
        assertThat(ann.page.locator("#waiting li")).hasCount(0);
        assertThat(others(ann).allTextContents()).isEqualTo(numbered("b", STREAM));
        assertThat(own(ann).allTextContents()).isEqualTo(numbered("a", said));
        await().untilAsserted(() -> assertThat(bob.heard).isEqualTo(numbered("ann: a", said)));
        assertThat(people(ann)).hasText(new String[] {"ann", "bob"});
    }

    @Test
    void aDuplicatedTabGetsASessionOfItsOwn(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("bob");
                Visit ann = chat.visitAs("ann", browser, Visit.Look.DESKTOP)) {
            Chat.say(ann, "first tab");
            assertThat(own(ann)).hasCount(1);
            // A page that a script opens gets a copy of the storage, as a duplicated tab does.
            Page copy = ann.page.waitForPopup(() -> ann.page.evaluate("open(location.href)"));

            assertThat(copy.locator("#notice")).hasText("the name 'ann' is taken, please choose another");
            copy.locator("#name").fill("ann2");
            copy.keyboard().press("Enter");
            assertThat(copy.locator("#people .name")).hasText(new String[] {"ann", "ann2", "bob"});
            assertThat(ann.id("status")).hasText("Connected");
            copy.reload();
            ann.page.bringToFront();
            ann.page.reload();
            Chat.say(ann, "still the first");
            assertThat(copy.locator("#lines .said:not(.mine) .text").last()).hasText("still the first");
            assertThat(own(ann)).hasCount(2);
            await().untilAsserted(
                            () -> assertThat(bob.heard).containsExactly("ann: first tab", "ann: still the first"));
        }
    }

    @Test
    void offlineALineWaitsAndGoesOutWhenTheNetworkIsBack(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("bob");
                Visit ann = chat.visitAs("ann", browser, Visit.Look.DESKTOP)) {
            ann.expecting("ERR_INTERNET_DISCONNECTED");
            ann.page.context().setOffline(true);
            chat.relay.cut();
            ann.sees("status", LOST);
            Chat.say(ann, "are you there?");
            assertThat(ann.page.locator("#waiting li")).hasText("are you there?Sending …");
            bob.say("where are you?");

            ann.page.context().setOffline(false);

            ann.sees("status", "Connected");
            assertThat(others(ann)).hasText(new String[] {"where are you?"});
            assertThat(own(ann)).hasText(new String[] {"are you there?"});
            assertThat(ann.page.locator("#waiting li")).hasCount(0);
            await().untilAsserted(() -> assertThat(bob.heard).containsExactly("ann: are you there?"));
        }
    }

    /** Closing the lid. */
    @Test
    void aPageThatWasFrozenCatchesUp(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("bob");
                Chat.Terminal eve = chat.new Terminal("eve");
                Tab ann = chat.tabOf("ann", browser)) {
            ann.evaluate(NOTE_LIFE);
            ann.freeze();
            // Half of the lines come to the page over the link that it had, the others wait at the server.
            sayNumbered(bob, 1, 10, eve);
            chat.relay.cut();
            sayNumbered(bob, 11, 20, eve);
            ann.awaitValue("life", "[freeze]");
            ann.wake();

            ann.awaitValue("document.getElementById('status').textContent", "Connected");
            ann.awaitValue("life", "[freeze, resume, " + String.join(", ", numbered("b", 20)) + "]");
        }
    }

    /** Says lines b{@code from} to b{@code to}, and waits until a listener has them. */
    private static void sayNumbered(Chat.Terminal speaker, int from, int to, Chat.Terminal listener) throws Exception {
        for (int i = from; i <= to; i++) {
            speaker.say("b" + i);
        }
        await().untilAsserted(() -> assertThat(listener.heard).hasSize(to));
    }

    @Test
    void aNameThatIsTakenIsToldAndAnotherCanBeChosen(Browser browser) throws Exception {
        try (Chat.Terminal bob = chat.new Terminal("bob");
                Visit ann = chat.visit(browser, Visit.Look.DESKTOP)) {
            ann.id("name").fill("bob");
            ann.press("Enter");
            ann.sees("notice", "the name 'bob' is taken, please choose another");
            ann.page.reload();
            Chat.join(ann, "ann");
            assertThat(people(ann)).hasText(new String[] {"ann", "bob"});
            Chat.say(ann, "here I am");
            await().untilAsserted(() -> assertThat(bob.heard).containsExactly("ann: here I am"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void afterARestartOfTheServerTheUserEntersAnew(String signal, Browser browser) throws Exception {
        try (Visit ann = chat.visitAs("ann", browser, Visit.Look.DESKTOP)) {
            Chat.say(ann, "before");
            assertThat(own(ann)).hasCount(1);

            chat.restartServer(signal);

            ann.sees("status", "Connected");
            assertThat(ann.id("text")).isEnabled();
            assertThat(ann.page.locator("#lines .news")).containsText(new String[] {"ann has joined"});
            Chat.say(ann, "after");
            assertThat(own(ann)).hasText(new String[] {"before", "after"});
            assertThat(ann.page.locator("#waiting li")).hasCount(0);
        }
    }

    private static Locator people(Visit visit) {
        return visit.page.locator("#people .name");
    }

    private static Locator others(Visit visit) {
        return visit.page.locator("#lines .said:not(.mine) .text");
    }

    private static Locator own(Visit visit) {
        return visit.page.locator("#lines .said.mine .text");
    }

    private static List<String> numbered(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList();
    }

    /** Says b1, b2 … {@link #STREAM} times, a line every 20 ms. */
    private static final class Speech implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private final AtomicInteger said = new AtomicInteger();

        Speech(Chat.Terminal speaker) {
            timer.scheduleAtFixedRate(
                    () -> {
                        try {
                            speaker.say("b" + (said.get() + 1));
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                        if (said.incrementAndGet() == STREAM) {
                            timer.shutdown();
                        }
                    },
                    0,
                    20,
                    TimeUnit.MILLISECONDS);
        }

        boolean isRunning() {
            return said.get() < STREAM;
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
