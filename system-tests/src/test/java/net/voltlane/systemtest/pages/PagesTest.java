package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.voltlane.testkit.pages.Block;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No block on any page is left to itself: its language says which test runs it, or a mark, an HTML comment on the line
 * before it, says why none does. And no link leads nowhere.
 *
 * <p>Marks are {@code <!-- not run: REASON -->}, {@code <!-- picture -->}, {@code <!-- output -->} (of the command
 * before, see {@link ShellBlocksTest}, as are {@code typed into} and {@code shown by}), {@code <!-- checked by CLASS -->} and {@code <!-- run by SCRIPT -->}.
 */
class PagesTest {
    /** The test that runs all blocks of a language, whatever page they are on. */
    private static final Map<String, String> RUN_BY = Map.of(
            "java", "JavaBlocksTest",
            "toml", "ConfigurationBlocksTest",
            "sh", "ShellBlocksTest",
            "xml", "DependencyBlocksTest",
            "kotlin", "DependencyBlocksTest");

    /**
     * Languages of one page, in {@code docs}, whose own test runs them: the wire protocol of each version, and programs in
     * JavaScript, which JavaScriptSdkTest has Node run (real/pages.js). On other pages nothing would.
     */
    private static final Map<Set<String>, String> OF_ONE_PAGE = Map.of(
            Set.of("js", "html"), "JAVASCRIPT.md",
            Set.of("wire", "firehose", "varint", "varint-long", "refused", "proof"), "PROTOCOL.md",
            Set.of("wire3", "firehose3", "refused3", "skipped3", "proof3"), "PROTOCOL3.md");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    static Stream<Block> blocks() {
        return Page.all().stream().flatMap(page -> page.blocks().stream());
    }

    static List<Page> pages() {
        return Page.all();
    }

    @Test
    void thePagesAreThere() {
        assertThat(pages())
                .extracting(page -> page.path().toString())
                .contains("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/CLIENT.md", "examples/chat/README.md");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void everyBlockIsRunOrSaysWhyNot(Block block) throws IOException {
        assertThat(block.language()).as("%s: the word behind ```", block).isNotEmpty();
        Matcher script = Pattern.compile("run by (\\S+)").matcher(block.mark());
        if (script.matches()) {
            assertThat(Files.readString(Page.PROJECT.resolve(script.group(1)))).contains(block.lines());
            return;
        }
        if (RUN_BY.containsKey(block.language()) || block.isExcused()) {
            return;
        }
        for (Map.Entry<Set<String>, String> kinds : OF_ONE_PAGE.entrySet()) {
            if (kinds.getKey().contains(block.language())) {
                assertThat(block.page())
                        .as("%s: only on this page does a test run this language", block)
                        .isEqualTo(Path.of("docs", kinds.getValue()));
                return;
            }
        }
        Matcher checked = Pattern.compile("checked by (\\w+)").matcher(block.mark());
        if (checked.matches()) {
            assertThat(sourceOf(checked.group(1)))
                    .as(block.toString())
                    .contains(block.page().getFileName().toString());
            return;
        }
        assertThat(block.language()).as("%s: no test runs this language", block).isEqualTo("text");
        assertThat(block.mark())
                .as("%s: the comment before the block", block)
                .satisfiesAnyOf(
                        mark -> assertThat(mark).isEqualTo("picture"),
                        mark -> assertThat(mark).isEqualTo("output"),
                        mark -> assertThat(mark).matches("file: \\S+|(?:typed into|shown by) \"[^\"]+\""));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Page page) {
        for (String line : outsideOfBlocks(page)) {
            for (Matcher link = LINK.matcher(line); link.find(); ) {
                String[] parts = link.group(1).split("#", 2);
                if (!parts[0].contains(":")) {
                    Path target = parts[0].isEmpty()
                            ? page.path()
                            : page.path().resolveSibling(parts[0]).normalize();
                    assertThat(Page.PROJECT.resolve(target))
                            .as("%s: %s", page.path(), link.group())
                            .exists();
                    if (parts.length == 2) {
                        assertThat(anchors(Page.read(target.toString())))
                                .as("%s: %s", page.path(), link.group())
                                .contains(parts[1]);
                    }
                }
            }
        }
    }

    @Test
    void theReadmeLeadsToEveryPage() {
        String readme = Page.read("README.md").text();
        String readOn = readme.substring(readme.indexOf("## Read on"));
        for (Page page : pages()) {
            if (!page.path().toString().equals("README.md")) {
                assertThat(page.path().startsWith("examples") ? readme : readOn).contains("(" + page.path() + ")");
            }
        }
    }

    private static List<String> outsideOfBlocks(Page page) {
        boolean[] inside = {false};
        return page.lines().stream()
                .filter(line -> {
                    boolean fence = line.strip().startsWith("```");
                    inside[0] ^= fence;
                    return !fence && !inside[0];
                })
                .toList();
    }

    /** The anchors of its headings, as hosts of repositories make them. */
    private static List<String> anchors(Page page) {
        return outsideOfBlocks(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String sourceOf(String testClass) throws IOException {
        try (Stream<Path> files = Files.walk(Page.PROJECT)) {
            Path source = files.filter(file -> file.endsWith(testClass + ".java"))
                    .filter(file -> file.toString().contains("src/test"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no test " + testClass));
            return Files.readString(source);
        }
    }
}
