package net.voltlane.admin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetsTest {
    private static final Path RESOURCES = Path.of("src/main/resources/net/voltlane/admin/dashboard");

    private final Assets assets = new Assets();

    @Test
    void everyFileOfTheFolderIsListed() throws IOException {
        Set<String> files = new HashSet<>(Assets.FILES);
        files.add(Assets.PAGE);
        try (Stream<Path> found = Files.walk(RESOURCES)) {
            assertThat(found.filter(Files::isRegularFile)
                            .map(file -> RESOURCES.relativize(file).toString()))
                    .containsExactlyInAnyOrderElementsOf(files);
        }
    }

    @Test
    void whateverThePageAndItsModulesNameIsThere() {
        Pattern address = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");
        Pattern imported = Pattern.compile("from '\\./([^']+)'");
        Set<String> named = new HashSet<>();
        Matcher inPage = address.matcher(text("/"));
        while (inPage.find()) {
            named.add(inPage.group(1));
        }
        for (String file : Assets.FILES) {
            Matcher inModule = imported.matcher(file.startsWith("uplot/") ? "" : text(Assets.FOLDER + file));
            while (inModule.find()) {
                named.add(Assets.FOLDER + inModule.group(1));
            }
        }

        assertThat(named)
                .hasSizeGreaterThan(15)
                .allMatch(path -> assets.at(path).isPresent());
    }

    @Test
    void nothingInThePageIsInlineOrFromElsewhere() {
        assertThat(text("/"))
                .doesNotContain("<style", " style=", "javascript:", "http:", "https:", "//")
                .doesNotContainPattern("\\son[a-z]+=")
                .containsPattern("<script type=\"module\" src=\"/assets/main.js\"></script>");
        for (String file : own(".js")) {
            assertThat(text(Assets.FOLDER + file))
                    .as(file)
                    .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "://");
        }
        for (String file : own(".css")) {
            assertThat(text(Assets.FOLDER + file)).as(file).doesNotContain("url(", "@import");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/index.html",
                "/assets",
                "/assets/",
                "/assets/Assets.class",
                "/assets/../Asset.class",
                "/assets/uplot/../main.js",
                "/assets//main.js",
                "//",
                "/assets/%2e%2e/Asset.class"
            })
    void noOtherPathLeadsAnywhere(String path) {
        assertThat(assets.at(path)).isEmpty();
    }

    @Test
    void filesHaveTheirTypesAndTags() {
        assertThat(type("/")).isEqualTo("text/html; charset=utf-8");
        assertThat(type("/assets/main.js")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(type("/assets/dashboard.css")).isEqualTo("text/css; charset=utf-8");
        assertThat(type("/assets/icon.svg")).isEqualTo("image/svg+xml");
        assertThat(type("/assets/uplot/LICENSE")).isEqualTo("text/plain; charset=utf-8");
        assertThat(Assets.FILES.stream()
                        .map(file ->
                                assets.at(Assets.FOLDER + file).orElseThrow().etag()))
                .doesNotHaveDuplicates()
                .allMatch(tag -> tag.matches("\"[0-9a-f]{24}\""));
    }

    @Test
    void theLibraryComesWithItsLicence() throws IOException {
        assertThat(text("/assets/uplot/LICENSE")).contains("The MIT License", "Leon Sorokin");
        assertThat(text("/assets/uplot/uPlot.esm.js")).contains("(v1.6.32)");
        assertThat(Files.readString(Path.of("../NOTICE"))).contains("uPlot 1.6.32");
    }

    private static List<String> own(String ending) {
        return Assets.FILES.stream()
                .filter(file -> file.endsWith(ending) && !file.startsWith("uplot/"))
                .toList();
    }

    private String type(String path) {
        return assets.at(path).orElseThrow().type();
    }

    private String text(String path) {
        return new String(assets.at(path).orElseThrow().bytes(), UTF_8);
    }
}
