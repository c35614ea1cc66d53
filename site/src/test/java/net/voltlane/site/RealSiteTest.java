package net.voltlane.site;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site of this project: it loads nothing from elsewhere, every link in it leads somewhere, and it is reproducible. */
class RealSiteTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern URL_IN_STYLES = Pattern.compile("url\\(|@import|image-set\\(");
    private static final Pattern LOADED_BY_SCRIPTS =
            Pattern.compile("(?:\\bfrom|\\bimport|\\bimport\\(|\\bfetch\\(|new URL\\()\\s*[\"'`]([^\"'`]*)[\"'`]");

    private static SortedMap<String, byte[]> files = new java.util.TreeMap<>();
    private static final Map<String, HtmlPage> PAGES = new HashMap<>();

    @BeforeAll
    static void makeTheSite() throws IOException {
        files = Site.read(PROJECT, Navigation.ofThisProject()).files();
        for (String file : files.keySet()) {
            if (file.endsWith(".html")) {
                PAGES.put(file, HtmlPage.parse(file, text(file)));
            }
        }
    }

    private static String text(String file) {
        return new String(files.get(file), UTF_8);
    }

    @Test
    void thePagesAreThere() {
        assertThat(PAGES)
                .containsKeys("index.html", "docs/tutorial.html", "docs/configuration.html", "examples/chat/index.html")
                .hasSizeGreaterThan(25);
    }

    @Test
    void pagesLoadNothingFromElsewhere() {
        for (HtmlPage page : PAGES.values()) {
            assertThat(page.loaded())
                    .as(page.file())
                    .isNotEmpty()
                    .allSatisfy(link -> assertThat(link)
                            .doesNotContain(":")
                            .doesNotStartWith("/")
                            .satisfies(it -> assertThat(files).containsKey(Paths.resolve(page.file(), it))));
        }
    }

    @Test
    void stylesAndScriptsLoadNothingFromElsewhere() {
        int scripts = 0;
        for (String file : files.keySet()) {
            if (file.startsWith("assets/") && file.endsWith(".css")) {
                assertThat(URL_IN_STYLES.matcher(text(file)).find()).as(file).isFalse();
            } else if (file.startsWith("assets/") && file.endsWith(".js")) {
                scripts++;
                assertThat(text(file)).as(file).doesNotContainPattern("https?:|[\"'`]//");
                for (Matcher load = LOADED_BY_SCRIPTS.matcher(text(file)); load.find(); ) {
                    assertThat(load.group(1)).as(file).doesNotContain(":").doesNotStartWith("/");
                }
            } else if (file.endsWith(".svg")) {
                assertThat(text(file)).as(file).doesNotContain("href").doesNotContain("url(");
            }
        }
        assertThat(scripts).isEqualTo(2);
    }

    @Test
    void everyPageForbidsTheBrowserToAskOthers() {
        for (HtmlPage page : PAGES.values()) {
            String policy = page.policy();
            assertThat(policy).as(page.file()).startsWith("default-src 'none';").doesNotContain("unsafe");
            assertThat(Arrays.stream(policy.split("; *"))
                            .flatMap(directive ->
                                    Arrays.stream(directive.split(" ")).skip(1)))
                    .as(page.file())
                    .allMatch(List.of("'none'", "'self'", "'script'")::contains);
        }
    }

    @Test
    void everyLinkWithinTheSiteLeadsToAPlaceInIt() {
        for (HtmlPage page : PAGES.values()) {
            for (String link : page.links()) {
                if (!link.matches("[a-z]+:.*")) {
                    String[] parts = link.split("#", 2);
                    String target = parts[0].isEmpty() ? page.file() : Paths.resolve(page.file(), parts[0]);
                    assertThat(files).as("%s: %s", page.file(), link).containsKey(target);
                    if (parts.length == 2) {
                        assertThat(PAGES.get(target).ids())
                                .as("%s: %s", page.file(), link)
                                .contains(parts[1]);
                    }
                }
            }
        }
    }

    @Test
    void idsAreUniqueAndEveryPageHasOneTitle() {
        for (HtmlPage page : PAGES.values()) {
            assertThat(page.ids()).as(page.file()).doesNotHaveDuplicates();
            assertThat(page.count("h1")).as(page.file()).isEqualTo(1);
            assertThat(page.count("main")).as(page.file()).isEqualTo(1);
            assertThat(page.title()).as(page.file()).contains("Voltlane");
        }
        assertThat(PAGES.values().stream().map(HtmlPage::title).distinct()).hasSizeGreaterThan(PAGES.size() - 3);
    }

    @Test
    void everyPlaceOfTheSearchIndexIsThere() {
        int sections = 0;
        for (JsonElement element :
                JsonParser.parseString(text("assets/search.json")).getAsJsonArray()) {
            JsonObject page = element.getAsJsonObject();
            List<String> ids = PAGES.get(page.get("url").getAsString()).ids();
            for (JsonElement section : page.getAsJsonArray("sections")) {
                String anchor = section.getAsJsonObject().get("anchor").getAsString();
                assertThat(anchor.isEmpty() || ids.contains(anchor))
                        .as("%s", section)
                        .isTrue();
                sections++;
            }
        }
        assertThat(sections).isGreaterThan(200);
    }

    @Test
    void theSamePagesGiveTheSameBytes(@TempDir Path folder) throws IOException {
        SortedMap<String, byte[]> again =
                Site.read(PROJECT.toRealPath(), Navigation.ofThisProject()).files();
        assertThat(again.keySet()).isEqualTo(files.keySet());
        again.forEach((file, bytes) -> assertThat(bytes).as(file).isEqualTo(files.get(file)));

        Output output = new Output(folder.resolve("site"));
        Files.createDirectories(folder.resolve("site/old"));
        Files.writeString(folder.resolve("site/old/page.html"), "of an earlier build");
        output.replaceBy(files);
        assertThat(folder.resolve("site/old")).doesNotExist();
        assertThat(folder.resolve("site/index.html")).hasBinaryContent(files.get("index.html"));
    }
}
