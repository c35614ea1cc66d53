package net.voltlane.browsertest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.ServerProcess;
import net.voltlane.testkit.certificates.TestAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JavaScript SDK in a page that gets and sends thousands of numbers while it is reloaded and cut, with TLS and without. */
@ExtendWith(Chromium.class)
class StreamTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, Path> FILES = Map.of(
            "/", Path.of("src/test/resources/stream/index.html"),
            "/stream.js", Path.of("src/test/resources/stream/stream.js"),
            "/voltlane.js", Path.of("../sdk/javascript/voltlane.js"));

    @TempDir
    Path folder;

    private final Numbers numbers = new Numbers();
    private VoltlaneBackend backend;
    private ServerProcess server;
    private FaultRelay relay;
    private HttpServer pages;
    private String scheme;

    /** @param scheme ws or wss */
    private void open(String scheme) throws Exception {
        this.scheme = scheme;
        backend = VoltlaneBackend.listen("127.0.0.1:0", numbers);
        InetSocketAddress webSocket = Ports.loopback(Ports.free());
        relay = FaultRelay.to(webSocket);
        TestAuthority.create("private").server("127.0.0.1").write(folder, "server");
        Files.writeString(folder.resolve("connserver.toml"), """
                [listener]
                address = "127.0.0.1:0"
                key_file = ""
                [websocket]
                address = "127.0.0.1:%d"
                tls = %s
                [tls]
                certificate = "server.pem"
                key = "server.key"
                [master]
                address = "127.0.0.1:%d"
                protocol = 3
                """.formatted(
                webSocket.getPort(), scheme.equals("wss"), backend.address().getPort()));
        server = ServerProcess.in(folder).arguments("serve").start();
        server.awaitPort(webSocket, LIMIT);
        pages = HttpServer.create(Ports.loopback(0), 0);
        pages.createContext("/", this::answer);
        pages.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String content = Files.readString(FILES.get(path))
                    .replace(
                            "{{server}}",
                            scheme + "://127.0.0.1:" + relay.address().getPort() + "/")
                    .replace("{{goal}}", Integer.toString(Numbers.GOAL));
            exchange.getResponseHeaders().set("Content-Type", path.equals("/") ? "text/html" : "text/javascript");
            byte[] bytes = content.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @AfterEach
    void close() {
        pages.stop(0);
        relay.close();
        server.close();
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void reloadsAndCutLinksLoseNothingAndDoubleNothing(String scheme, Browser browser) throws Exception {
        open(scheme);
        Seeds.run(seed -> {
            try (Visit visit = visit(browser)) {
                disturb(visit.page, new Random(seed));
                all(visit.page);
            }
        });
        assertThat(numbers.sessions()).isEqualTo(1);
        assertThat(numbers.faults).isEmpty();
        assertThat(server.shamefulLines()).isEmpty();
    }

    /** Reloads and cuts somewhere in the stream, while hundreds of packets are on their way in both directions. */
    private void disturb(Page page, Random random) {
        for (int i = 0; i < 12; i++) {
            int further = got(page) + 1 + random.nextInt(400);
            page.waitForFunction("number => seen.got >= number", further);
            if (random.nextInt(3) == 0) {
                relay.cut();
            } else {
                page.reload();
            }
        }
        assertThat(got(page))
                .as("numbers that came before the last cut or reload")
                .isLessThan(Numbers.GOAL);
    }

    @Test
    void aCopyOfATabInTheMiddleOfAStreamGetsAStreamOfItsOwn(Browser browser) throws Exception {
        open("ws");
        try (Visit visit = visit(browser)) {
            visit.page.waitForFunction("seen.got > 300");
            Page copy = visit.page.waitForPopup(() -> visit.page.evaluate("open(location.href + '?copy')"));
            // Its own numbers begin anew. The window may be looked at before it has the page.
            copy.waitForFunction("typeof seen !== 'undefined' && seen.opened === 2 && seen.got > 100");
            assertThat(copy.evaluate("client.sessionId")).isNotEqualTo(visit.page.evaluate("client.sessionId"));
            copy.close();
            visit.page.bringToFront();
            visit.page.reload();
            all(visit.page);
        }
        assertThat(numbers.sessions()).isEqualTo(2);
        assertThat(numbers.faults).isEmpty();
    }

    private Visit visit(Browser browser) {
        String url = "http://127.0.0.1:" + pages.getAddress().getPort() + "/";
        return Visit.trustingAll(browser, url, Visit.Look.DESKTOP).expecting("WebSocket connection to");
    }

    private static int got(Page page) {
        return ((Number) page.evaluate("seen.got")).intValue();
    }

    /** Waits until both ends have everything, in the session that was opened first, and without a fault. */
    private void all(Page page) {
        page.waitForFunction(
                "number => seen.got === number && client.unacknowledged === 0",
                Numbers.GOAL,
                new Page.WaitForFunctionOptions().setTimeout(LIMIT.toMillis()));
        await().until(() -> numbers.complete() > 0);
        assertThat((List<?>) page.evaluate("seen.faults")).isEmpty();
        assertThat(page.evaluate("seen.opened")).isEqualTo(1);
    }
}
