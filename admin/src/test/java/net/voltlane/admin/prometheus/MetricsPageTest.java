package net.voltlane.admin.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The page lists the whole catalogue. {@code mvn verify -pl admin -am -Dcatalogue.write=true} writes that part of it anew.
 */
final class MetricsPageTest {
    private static final Path PAGE = Path.of("../docs/METRICS.md");

    @Test
    void thePageListsTheWholeCatalogue() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(MetricsPage.BEGIN);
        int end = page.indexOf(MetricsPage.END) + MetricsPage.END.length();
        assertThat(begin).as("the page has a part for it").isNotNegative().isLessThan(end);
        String catalogue = MetricsPage.catalogue();
        if (Boolean.getBoolean("catalogue.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + catalogue + page.substring(end));
        } else {
            assertThat(page.substring(begin, end)).isEqualTo(catalogue);
        }
    }
}
