package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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

    private static void take(Visit visit, String name) throws IOException {
        assertThat(visit.page.locator("#sessions-body tr")).hasCount(50);
        visit.page.evaluate("document.getElementById('host').textContent = '127.0.0.1:42002'");
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
