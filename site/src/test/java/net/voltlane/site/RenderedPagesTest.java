package net.voltlane.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages in Markdown, and what becomes of them. */
class RenderedPagesTest {
    @TempDir
    Path folder;

    private Project project;

    @BeforeEach
    void makeProject() throws IOException {
        project = new Project(folder);
    }

    private String html(String markdown) throws IOException {
        return project.page("docs/PAGE.md", markdown).site().get("docs/page.html");
    }

    @Test
    void linksBetweenPagesBecomeLinksOfTheSite() throws IOException {
        project.page("docs/OTHER.md", "# Other\n\n## A part\n").page("lib/a/README.md", "# A\n");
        assertThat(html("# Page\n\n[1](OTHER.md#a-part) [2](../README.md) [3](../lib/a/README.md) [4](#page)"
                        + " [5](https://example.org/x)\n"))
                .contains("<a href=\"other.html#a-part\">1</a>")
                .contains("<a href=\"../index.html\">2</a>")
                .contains("<a href=\"../lib/a/index.html\">3</a>")
                .contains("<a href=\"#page\">4</a>")
                .contains("<a href=\"https://example.org/x\">5</a>");
    }

    @Test
    void aFileThatIsNoPageGetsOneThatShowsIt() throws IOException {
        project.write("deploy/a.yml", "key: <a>\n").page("docs/PAGE.md", "# Page\n\n[it](../deploy/a.yml)\n");
        SortedMap<String, String> site = project.site();
        assertThat(site.get("docs/page.html")).contains("<a href=\"../deploy/a.yml.html\">it</a>");
        assertThat(site.get("deploy/a.yml.html")).contains("<span class=\"word\">key</span>: &lt;a&gt;");
        assertThat(site.get("deploy/a.yml")).isEqualTo("key: <a>\n");
    }

    @Test
    void headingsHaveTheAnchorsThatHostsOfRepositoriesGiveThem() throws IOException {
        assertThat(html("# The `x.y` page\n\n## What's new, in 2?\n\n## Twice\n\n## Twice\n"))
                .contains("<h1 id=\"the-xy-page\">")
                .contains("<h2 id=\"whats-new-in-2\">")
                .contains("<h2 id=\"twice\">")
                .contains("<h2 id=\"twice-1\">")
                .contains("<li class=\"level-2\"><a href=\"#whats-new-in-2\">What's new, in 2?</a></li>");
    }

    @Test
    void marksForTestsAreLeftOutAndTablesScroll() throws IOException {
        assertThat(
                        html(
                                "# Page\n\n<!-- run: shows \"x\" -->\n```sh\necho \"<a>\" # b\n```\n\n| a | b |\n| --- | --: |\n| 1 | 2 |\n"))
                .doesNotContain("run: shows")
                .contains("<pre data-language=\"sh\"><code>echo <span class=\"string\">&quot;&lt;a&gt;&quot;</span> "
                        + "<span class=\"comment\"># b</span>\n</code></pre>")
                .contains("<div class=\"table\"><table>");
    }

    @Test
    void whatAReaderTypesAndWhatAProgramShowsLookDifferent() throws IOException {
        assertThat(html(
                        "# Page\n\n<!-- typed into \"x\" -->\n```text\na\n```\n\n<!-- shown by \"x\" -->\n```text\nb\n```\n"
                                + "\n<!-- output -->\n```text\nc\n```\n\n```text\nd\n```\n"))
                .contains("<pre class=\"typed\" data-language=\"text\"><code>a")
                .contains("<pre class=\"output\" data-language=\"text\"><code>b")
                .contains("<pre class=\"output\" data-language=\"text\"><code>c")
                .contains("<pre data-language=\"text\"><code>d");
    }

    @Test
    void theHomePageIsTheReadmeWithoutWhatOtherPagesHold() throws IOException {
        assertThat(project.site().get("index.html"))
                .contains("<h1 id=\"voltlane\">Home</h1>")
                .contains("It is small.")
                .contains("id=\"what-you-get\"")
                .doesNotContain("Read on");
    }

    @Test
    void longNamesInTablesMayBeBroken() throws IOException {
        assertThat(html("# Page\n\n`a.b_c`\n\n| x |\n| - |\n| `a.b_c <d>` |\n"))
                .contains("<p><code>a.b_c</code></p>")
                .contains("<td><code>a.<wbr />b_<wbr />c &lt;d&gt;</code></td>");
    }

    @Test
    void theSearchIndexLeavesOutTheLinesOfDrawings() throws IOException {
        project.page("docs/A.md", "# A\n\n```text\n| x |--->| y\n┌──┐ z a-b\n```\n");
        assertThat(project.site().get("assets/search.json")).contains("\"text\":\"x y z a-b\"");
    }

    @Test
    void everyPageLeadsToTheNextAndTheOneBefore() throws IOException {
        project.page("docs/A.md", "# A\n").page("docs/B.md", "# B\n");
        SortedMap<String, String> site = project.site();
        assertThat(site.get("docs/a.html"))
                .contains("<a href=\"../index.html\" rel=\"prev\">Home</a>")
                .contains("<a href=\"b.html\" rel=\"next\">Page docs/B.md</a>")
                .contains("<a href=\"a.html\" aria-current=\"page\">Page docs/A.md</a>");
        assertThat(site.get("docs/b.html")).doesNotContain("rel=\"next\"");
    }

    @Test
    void theSearchIndexHasTheTextOfEverySection() throws IOException {
        project.page(
                "docs/A.md",
                "# A\n\nTop, *one*.\n\n## Two\n\n* x\n* y\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```sh\nls\n```\n");
        assertThat(project.site().get("assets/search.json"))
                .contains("{\"title\":\"A\",\"name\":\"Page docs/A.md\",\"url\":\"docs/a.html\",\"sections\":["
                        + "{\"heading\":\"A\",\"anchor\":\"\",\"text\":\"Top, one.\"},"
                        + "{\"heading\":\"Two\",\"anchor\":\"two\",\"text\":\"x y a b 1 2 ls\"}]}");
    }
}
