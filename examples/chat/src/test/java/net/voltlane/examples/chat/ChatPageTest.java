package net.voltlane.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of what the page's web server serves. The module browser-tests has the tests of the page itself. */
class ChatPageTest {

    private static final Path HOME = Path.of("../..");

    private final HttpClient browser = HttpClient.newHttpClient();
    private ChatPage page;

    @BeforeEach
    void open() throws IOException {
        page = ChatPage.serve(HOME, "127.0.0.1:0", "wss://chat.example:8443/x");
    }

    @AfterEach
    void close() {
        page.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'', text/html",
        "chat.css, text/css",
        "chat.js, text/javascript",
        "room.js, text/javascript",
        "view.js, text/javascript",
        "voltlane.js, text/javascript",
        "icon.svg, image/svg+xml"
    })
    void eachFileComesWithItsTypeAndAStrictPolicy(String path, String type) throws Exception {
        HttpResponse<String> file = get(path);

        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
        assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(file.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                        + "connect-src wss://chat.example:8443; ")
                .doesNotContain("unsafe", "*");
    }

    @Test
    void thePageNamesTheServerAndLoadsNothingFromElsewhere() throws Exception {
        String html = get("").body();

        assertThat(html).contains("<meta name=\"chat-server\" content=\"wss://chat.example:8443/x\">");
        assertThat(Pattern.compile("(src|href)=\"(?!chat\\.|icon\\.svg)")
                        .matcher(html)
                        .find())
                .isFalse();
        assertThat(Pattern.compile("<script>|<style| style=| on[a-z]+=")
                        .matcher(html)
                        .find())
                .isFalse();
    }

    @Test
    void aChangeOfAFileShowsWithTheNextReload() throws Exception {
        assertThat(get("room.js").body()).isEqualTo(Files.readString(HOME.resolve("examples/chat/web/room.js")));
        assertThat(get("room.js").headers().firstValue("Cache-Control")).contains("no-cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.html", "../pom.xml", "%2e%2e/README.md", "web/", "favicon.ico"})
    void nothingElseIsServed(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void onlyGetAndHeadAreAnswered() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(page.url()));
        HttpResponse<String> head =
                browser.send(request.method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        HttpResponse<String> post =
                browser.send(request.POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length"))
                .hasValue(get("").body().length());
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:1/", "127.0.0.1:42003", "ws:/x", "ws://a\"b/"})
    void anAddressThatIsNoWebSocketIsRefused(String server) {
        assertThatThrownBy(() -> ChatPage.serve(HOME, "127.0.0.1:0", server))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create(page.url() + path);
        return browser.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
