package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the screenshots of the pages, into {@code target}. With {@code -Dscreenshots.write=true} it writes those in
 * {@code docs/images} anew.
 */
@ExtendWith(Chromium.class)
class ScreenshotsTest {
    private static final Path FOLDER =
            Path.of(Boolean.getBoolean("screenshots.write") ? "../docs/images" : "target/screenshots");
    private static final int SESSIONS = 5000;

    @Test
    void underLoad(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(SESSIONS, Duration.ofMinutes(90));
                Visit visit = Visit.desktop(browser, server).ready()) {
            take(visit, "dashboard-light");
        }
    }

    @Test
    void withTheMasterAway(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(SESSIONS, Duration.ofMinutes(90), 0, Duration.ofSeconds(40));
                Visit visit = new Visit(browser, server.url(), Visit.Look.DARK).ready()) {
            visit.sees("state", "Not ready");
            take(visit, "dashboard-dark");
        }
    }

    @Test
    void onAPhone(Browser browser) throws Exception {
        try (FakeServer server = new FakeServer(SESSIONS, Duration.ofMinutes(90));
                Visit visit = new Visit(browser, server.url(), new Visit.Look(360, 780, ColorScheme.DARK)).ready()) {
            take(visit, "dashboard-phone");
        }
    }

    @Test
    void theFleet(Browser browser) throws Exception {
        Map<String, @Nullable Object> draining = FakeFleetApi.server("server-3", 3, 212);
        draining.putAll(Map.of("state", "draining", "draining", true));
        try (FakeServer server = new FakeServer(SESSIONS, Duration.ofMinutes(1))) {
            server.fleet.redis(
                    true,
                    0,
                    "continue",
                    List.of(
                            FakeFleetApi.server("server-1", 1, 4950),
                            FakeFleetApi.server("server-2", 2, 4871),
                            draining,
                            FakeFleetApi.server("server-4", 4, 4902)));
            try (Visit visit = new Visit(browser, server.url(), new Visit.Look(1280, 330, ColorScheme.LIGHT)).ready()) {
                assertThat(visit.page.locator("#fleet-body tr")).hasCount(4);
                server.fleet.redis(
                        true,
                        0,
                        "continue",
                        List.of(
                                FakeFleetApi.server("server-1", 1, 4950),
                                FakeFleetApi.server("server-2", 2, 4871),
                                draining));
                assertThat(visit.page.locator("#fleet-body .silent")).hasCount(1);
                visit.page.evaluate("scrollTo(0, document.getElementById('fleet').offsetTop - 20)");
                take(visit, "dashboard-fleet");
            }
        }
    }

    @Test
    void theChat(Browser browser, @TempDir Path folder) throws Exception {
        try (Chat chat = new Chat(folder);
                Chat.Terminal bob = chat.new Terminal("bob");
                Chat.Terminal carla = chat.new Terminal("carla");
                Visit ann = chat.visitAs("ann", browser, new Visit.Look(1080, 640, ColorScheme.LIGHT))) {
            Locator said = ann.page.locator("#lines .said");
            Chat.say(ann, "Good morning! I am in a browser.");
            assertThat(said).hasCount(1);
            bob.say("And I am in a terminal:");
            bob.say("examples/chat/client bob");
            assertThat(said).hasCount(3);
            ann.page.reload();
            Chat.say(ann, "I have pressed F5. All lines are still here.");
            assertThat(said).hasCount(4);
            carla.say("My laptop was closed for a minute. When I opened it, I got what you said meanwhile.");
            assertThat(said).hasCount(5);
            // The network is gone; the page says so, and keeps what is typed.
            chat.relay.blackHole(true);
            chat.relay.cut();
            ann.sees("status", "Connection lost.*");
            Chat.say(ann, "And I have just lost the network. This line waits until it is back.");
            assertThat(ann.page.locator("#waiting li")).hasCount(1);
            save(ann, "chat");
        }
    }

    private static void take(Visit visit, String name) throws IOException {
        assertThat(visit.page.locator("#sessions-body tr")).hasCount(50);
        visit.page.evaluate("document.getElementById('host').textContent = '127.0.0.1:42002'");
        save(visit, name);
    }

    private static void save(Visit visit, String name) throws IOException {
        Files.createDirectories(FOLDER);
        Path file = FOLDER.resolve(name + ".png");
        visit.page.screenshot(new Page.ScreenshotOptions().setPath(file));

        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(visit.page.viewportSize().width);
        assertThat(colours(image)).isGreaterThan(50); // more than an empty page has
    }

    private static long colours(BufferedImage image) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
                .distinct()
                .count();
    }
}
