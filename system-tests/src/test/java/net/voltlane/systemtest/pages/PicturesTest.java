package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The screenshots in {@code docs/images}, which ScreenshotsTest of browser-tests takes. */
class PicturesTest {
    private static final Path FOLDER = Path.of("docs/images");
    private static final int SMALLEST_WIDTH = 300;
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]{10,}]\\(([^)\\s]+)\\)");

    static List<Path> pictures() throws IOException {
        try (Stream<Path> files = Files.list(Page.PROJECT.resolve(FOLDER))) {
            return files.map(file -> FOLDER.resolve(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** The pictures that a page shows, each with a text for those who do not see it. */
    private static Stream<Path> shownBy(Page page) {
        return PICTURE.matcher(page.text())
                .results()
                .map(picture -> page.path().resolveSibling(picture.group(1)).normalize());
    }

    @Test
    void theReadmeShowsTheDashboardAndTheChat() {
        assertThat(shownBy(Page.read("README.md")))
                .contains(FOLDER.resolve("dashboard-light.png"), FOLDER.resolve("chat.png"));
    }

    @Test
    void everyPictureOfAPageIsThere() throws IOException {
        assertThat(Page.all().stream().flatMap(PicturesTest::shownBy)).isSubsetOf(pictures());
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void everyPictureIsOneAndIsShownByAPage(Path picture) throws IOException {
        BufferedImage image = ImageIO.read(Page.PROJECT.resolve(picture).toFile());
        assertThat(image).as("a picture in a format that browsers show").isNotNull();
        assertThat(image.getWidth()).isGreaterThanOrEqualTo(SMALLEST_WIDTH);
        assertThat(Page.all().stream().flatMap(PicturesTest::shownBy))
                .as("pictures of all pages")
                .contains(picture);
    }
}
