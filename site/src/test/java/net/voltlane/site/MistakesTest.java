package net.voltlane.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes of pages and of the navigation: no site is made, and each line says what was expected. */
class MistakesTest {
    private static final String NAVIGATION = "site/src/main/resources/net/voltlane/site/navigation.txt";

    @TempDir
    Path folder;

    private Project project;

    @BeforeEach
    void makeProject() throws IOException {
        project = new Project(folder);
    }

    private List<String> mistakes() {
        MistakesException e = catchThrowableOfType(MistakesException.class, () -> project.site());
        assertThat(e).as("the site was made").isNotNull();
        return e.mistakes();
    }

    @Test
    void withoutMistakesThereIsASite() throws IOException {
        project.page("docs/A.md", "# A\n\n[home](../README.md#try-it)\n");
        assertThat(project.site()).containsKeys("index.html", "docs/a.html", "LICENSE.html", "assets/search.json");
    }

    @Test
    void everyBrokenLinkIsNamedWithItsPageAndWhatWasExpected() throws IOException {
        project.page(
                "docs/A.md",
                "# A\n\n[1](NONE.md) [2](B.md#two-three) [3](#none) [4](../docs) [5](../../x) [6](none.txt)\n");
        project.page("docs/B.md", "# B\n\n## Two\n\n## Two four\n");
        assertThat(mistakes())
                .containsExactly(
                        "docs/A.md: NONE.md (expected: a file of the project)",
                        "docs/A.md: B.md#two-three (expected: a heading of docs/B.md, such as #two-four)",
                        "docs/A.md: #none (expected: a heading of docs/A.md, such as #a)",
                        "docs/A.md: ../docs (expected: a file of the project)",
                        "docs/A.md: ../../x (expected: a file of the project)",
                        "docs/A.md: none.txt (expected: a file of the project)");
    }

    @Test
    void aPictureHasToBeAFileOfTheProject() throws IOException {
        project.page("docs/A.md", "# A\n\n![a](none.png) ![b](https://example.org/b.png)\n");
        assertThat(mistakes())
                .containsExactly(
                        "docs/A.md: none.png (expected: a picture of the project)",
                        "docs/A.md: https://example.org/b.png (expected: a picture of the project)");
    }

    @Test
    void aPageOfDocsHasToBeInTheNavigation() throws IOException {
        project.write("docs/FORGOTTEN.md", "# Forgotten\n");
        assertThat(mistakes())
                .containsExactly("docs/FORGOTTEN.md: not in the navigation (expected: a line of " + NAVIGATION + ")");
    }

    @Test
    void aLinkToAPageThatTheNavigationLacksIsNoLinkToAFile() throws IOException {
        project.write("NOTES.md", "# Notes\n").page("docs/A.md", "# A\n\n[n](../NOTES.md)\n");
        assertThat(mistakes()).containsExactly("docs/A.md: ../NOTES.md (expected: a page of " + NAVIGATION + ")");
    }

    @Test
    void theNavigationNamesPagesThatAreThereEachOnce() throws IOException {
        Navigation navigation = Navigation.parse("[All]\nREADME.md Home\ndocs/NONE.md None\nREADME.md Again\n");
        assertThat(catchThrowableOfType(MistakesException.class, () -> Site.read(folder, navigation))
                        .mistakes())
                .containsExactly(
                        NAVIGATION + ": docs/NONE.md (expected: a page of the project)",
                        NAVIGATION + ": README.md (expected: each page once)");
    }

    @Test
    void aLineOfTheNavigationHasAPathAndATitle() {
        assertThat(catchThrowableOfType(
                                MistakesException.class,
                                () -> Navigation.parse("README.md Home\n[All]\n# a comment\n\ndocs/A.md\n"))
                        .mistakes())
                .containsExactly(
                        NAVIGATION + ": README.md Home (expected: [Section], and below it lines such as "
                                + "\"docs/CLIENT.md Client in Java\")",
                        NAVIGATION + ": docs/A.md (expected: [Section], and below it lines such as "
                                + "\"docs/CLIENT.md Client in Java\")");
    }

    @Test
    void pagesHaveNoHtmlOfTheirOwn() throws IOException {
        project.page("docs/A.md", "# A\n\n<!-- a comment -->\n\n<script>x</script>\n\nA <b>word</b>.\n");
        assertThat(mistakes())
                .containsExactly(
                        "docs/A.md: <script>x</script> (expected: Markdown, not HTML)",
                        "docs/A.md: <b> (expected: Markdown, not HTML)",
                        "docs/A.md: </b> (expected: Markdown, not HTML)");
    }

    @Test
    void theHomePageNeedsTheSectionsThatItShows() throws IOException {
        project.write("README.md", "# Home\n\n## Try it\n");
        assertThat(mistakes())
                .containsExactly(
                        "README.md: its sections (expected: a title, and Try it, What it is not, What you get)");
    }
}
