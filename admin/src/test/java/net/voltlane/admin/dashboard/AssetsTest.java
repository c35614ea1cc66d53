package net.voltlane.admin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.voltlane.admin.http.Access;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import org.junit.jupiter.api.Test;

class AssetsTest {
    private static final Path RESOURCES = Path.of("src/main/resources/net/voltlane/admin/dashboard");

    private final Map<String, Route> routes =
            Assets.routes().stream().collect(Collectors.toMap(Route::template, Function.identity()));

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

        assertThat(named).hasSizeGreaterThan(15).isSubsetOf(routes.keySet());
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

    @Test
    void everyPathIsThatOfOneFileAndNeedsNoPermission() {
        assertThat(routes.values())
                .allMatch(route -> route.access() == Access.OPEN)
                .allMatch(route -> route.method().equals("GET"))
                .noneMatch(route -> route.template().contains("{"));
        assertThat(routes).hasSize(Assets.FILES.size() + 1);
    }

    @Test
    void filesHaveTheirTypes() {
        assertThat(get("/").contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(get("/assets/main.js").contentType()).isEqualTo("text/javascript; charset=utf-8");
        assertThat(get("/assets/dashboard.css").contentType()).isEqualTo("text/css; charset=utf-8");
        assertThat(get("/assets/icon.svg").contentType()).isEqualTo("image/svg+xml");
        assertThat(get("/assets/uplot/LICENSE").contentType()).isEqualTo("text/plain; charset=utf-8");
    }

    @Test
    void aBrowserThatHasTheFileDoesNotGetItAgain() {
        String tag = get("/assets/main.js").headers().get("ETag");
        assertThat(tag)
                .matches("\"[0-9a-f]{24}\"")
                .isNotEqualTo(get("/").headers().get("ETag"));

        Response again = get("/assets/main.js", Map.of("if-none-match", tag));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers()).containsEntry("ETag", tag).containsEntry("Cache-Control", "no-cache");
        assertThat(get("/", Map.of("if-none-match", tag)).status()).isEqualTo(200);
    }

    @Test
    void thePageMayLoadNothingFromElsewhereAndRunNothingInline() {
        assertThat(get("/").headers().get("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "*", "http", "data:");
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

    private String text(String path) {
        return new String(get(path).body(), UTF_8);
    }

    private Response get(String path) {
        return get(path, Map.of());
    }

    private Response get(String path, Map<String, String> headers) {
        Request request = new Request("GET", path, Map.of(), Map.of(), headers, new byte[0], false);
        return routes.get(path).endpoint().handle(request).toCompletableFuture().join();
    }
}
