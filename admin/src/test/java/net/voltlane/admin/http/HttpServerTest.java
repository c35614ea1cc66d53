package net.voltlane.admin.http;

import static net.voltlane.admin.http.HttpStage.bearer;
import static net.voltlane.admin.http.HttpStage.get;
import static net.voltlane.admin.http.HttpStage.one;
import static net.voltlane.admin.http.HttpStage.request;
import static net.voltlane.admin.http.HttpStage.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are in order, and those that ask for what is not there. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class HttpServerTest {
    private static final String CLOSE = "Connection: close";

    @Test
    void aRouteAnswersWithItsPathAndQueryDecoded() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(get("/things/a%20b", CLOSE)))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\na b");
            assertThat(stage.ask(get("/read?a=1&b=x+y%2Bz&c", CLOSE)))
                    .contains("\"a\":\"1\"", "\"b\":\"x y+z\"", "\"c\":\"\"");
        }
    }

    @Test
    void aConnectionServesRequestsOneAfterTheOther() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            Socket socket = stage.connect();
            send(socket, get("/things/1") + get("/things/2") + get("/slow") + get("/things/3"));
            assertThat(one(socket)).endsWith("\r\n\r\n1");
            assertThat(one(socket)).endsWith("\r\n\r\n2");
            assertThat(socket.getInputStream().available()).isZero();
            stage.slow.complete(Response.text(200, "text/plain", "at last"));
            assertThat(one(socket)).endsWith("at last");
            assertThat(one(socket)).endsWith("\r\n\r\n3");
            assertThat(stage.server.figures().answered()).isEqualTo(4);
        }
    }

    @Test
    void everyAnswerKeepsBrowsersFromMisuse() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(get("/read", CLOSE)))
                    .contains(
                            "X-Content-Type-Options: nosniff",
                            "X-Frame-Options: DENY",
                            "Referrer-Policy: no-referrer",
                            "cache-control: no-store",
                            "Content-Security-Policy: default-src 'none'")
                    .doesNotContainIgnoringCase("access-control-");
        }
    }

    @Test
    void headHasTheHeadOfGet() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(request("HEAD", "/things/abc", "", CLOSE)))
                    .startsWith("HTTP/1.1 200")
                    .contains("content-length: 3\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void olderProbesAreServedAndHungUpOn() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask("GET /things/abc HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\nabc");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404",
        "GET, /things/, 404",
        "GET, /things, 404",
        "GET, //things/1, 404",
        "GET, /things/../read, 404",
        "GET, /./read, 404",
        "GET, /read/, 404",
        "GET, /READ, 404",
        "POST, /read, 405",
        "DELETE, /read, 405",
        "OPTIONS, /read, 405",
        "GET, /change, 405",
        "get, /read, 405",
    })
    void whatIsNotThereIsAProblemDocument(String method, String target, int status) throws Exception {
        try (HttpStage stage = new HttpStage()) {
            String answer = stage.ask(request(method, target, "", CLOSE, bearer(HttpStage.TOKEN)));
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status)
                    .contains(
                            "content-type: application/problem+json",
                            "\"status\":" + status,
                            "\"type\":\"about:blank\"");
            assertThat(answer.contains("Allow: ")).isEqualTo(status == 405);
        }
    }

    @Test
    void anEndpointThatFailsIsAnErrorThatTellsNothing() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            Socket socket = stage.connect();
            send(socket, get("/broken") + get("/things/1"));
            assertThat(one(socket)).startsWith("HTTP/1.1 500").doesNotContain("secret");
            assertThat(one(socket)).endsWith("\r\n\r\n1");
        }
    }

    @Test
    void aStreamGoesOnUntilItIsClosed() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            Socket socket = stage.connect();
            send(socket, get("/stream"));
            org.awaitility.Awaitility.await().until(() -> !stage.streams.isEmpty());
            ResponseStream stream = stage.streams.get(0);
            assertThat(stream.send("data: 1\n\n".getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
            assertThat(stream.send("data: 2\n\n".getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
            stream.close();
            assertThat(HttpStage.rest(socket))
                    .contains("text/event-stream", "data: 1\n\n", "data: 2\n\n")
                    .endsWith("0\r\n\r\n");
        }
    }

    @Test
    void aStreamTellsThatItsReaderHasGone() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            Socket socket = stage.connect();
            send(socket, get("/stream"));
            org.awaitility.Awaitility.await().until(() -> !stage.streams.isEmpty());
            var gone = new java.util.concurrent.CountDownLatch(1);
            stage.streams.get(0).onClose(gone::countDown);
            socket.close();
            assertThat(gone.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            assertThat(stage.streams.get(0).send(new byte[1])).isFalse();
        }
    }
}
