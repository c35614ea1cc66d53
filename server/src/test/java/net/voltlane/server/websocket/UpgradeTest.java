package net.voltlane.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.websocket.ClientFrames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UpgradeTest {
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings("/", Set.of(), List.of("voltlane.2", "voltlane.3"));

    private static Upgrade of(byte[] request) {
        return of(request, SETTINGS);
    }

    private static Upgrade of(byte[] request, WebSocketSettings settings) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        return Upgrade.of(text.substring(0, text.length() - 4), settings, null);
    }

    private static String answer(Upgrade verdict) {
        return new String(verdict.answer(), StandardCharsets.ISO_8859_1);
    }

    private static void expectRefused(Upgrade verdict, String status, Metric metric) {
        assertThat(answer(verdict))
                .startsWith("HTTP/1.1 " + status + "\r\n")
                .containsPattern("\r\nConnection: (upgrade, )?close\r\n");
        assertThat(Objects.requireNonNull(verdict.fault()).metric()).isEqualTo(metric);
        assertThat(verdict.fault().isAnswered()).isTrue();
    }

    private static byte[] without(String field) {
        String text = new String(ClientFrames.upgrade(), StandardCharsets.ISO_8859_1);
        String left = text.replaceFirst("(?m)^" + field + ":.*\r\n", "");
        assertThat(left).isNotEqualTo(text);
        return left.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void anUpgradeIsAnsweredWithTheDigestOfItsKey() {
        Upgrade verdict = of(ClientFrames.upgrade());
        assertThat(verdict.fault()).isNull();
        assertThat(verdict.subprotocol()).isNull();
        assertThat(answer(verdict))
                .isEqualTo("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + ClientFrames.ACCEPT + "\r\n\r\n");
    }

    /** An extension that is not named in the answer is not in use (RFC 6455, section 4.2.2). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits, permessage-deflate; server_no_context_takeover",
                "x-webkit-deflate-frame"
            })
    void anOfferOfCompressionGetsTheSameAnswerAsNone(String extensions) {
        Upgrade verdict = of(ClientFrames.upgrade("Sec-WebSocket-Extensions: " + extensions));
        assertThat(verdict.fault()).isNull();
        assertThat(answer(verdict)).isEqualTo(answer(of(ClientFrames.upgrade())));
    }

    @Test
    void theFirstSubprotocolThatIsServedIsChosen() {
        Upgrade verdict = of(ClientFrames.upgrade("Sec-WebSocket-Protocol: chat, voltlane.3, voltlane.2"));
        assertThat(verdict.subprotocol()).isEqualTo("voltlane.3");
        assertThat(answer(verdict)).contains("\r\nSec-WebSocket-Protocol: voltlane.3\r\n");
    }

    @Test
    void subprotocolsOfOthersAreRefused() {
        expectRefused(
                of(ClientFrames.upgrade("Sec-WebSocket-Protocol: chat")),
                "400 Bad Request",
                Metric.REJECTED_SUBPROTOCOL);
    }

    @Test
    void anotherPathIsNotFound() {
        expectRefused(of(ClientFrames.upgradeAt("/other")), "404 Not Found", Metric.REJECTED_HTTP_PATH);
        expectRefused(of(ClientFrames.upgradeAt("http://server.example/")), "404 Not Found", Metric.REJECTED_HTTP_PATH);
    }

    @Test
    void aQueryIsNoPartOfThePath() {
        assertThat(of(ClientFrames.upgradeAt("/?room=1")).fault()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Connection", "Sec-WebSocket-Version"})
    void aRequestWithoutAnUpgradeIsToldThatOneIsRequired(String missing) {
        Upgrade verdict = of(without(missing));
        expectRefused(verdict, "426 Upgrade Required", Metric.REJECTED_HTTP_NO_UPGRADE);
        assertThat(answer(verdict))
                .contains("\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
                .contains("\r\nConnection: upgrade, close\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST / HTTP/1.1", "HEAD / HTTP/1.1", "GET / HTTP/1.0"})
    void onlyGetUpgrades(String line) {
        expectRefused(
                of(ClientFrames.request(line, "Host: x", "Upgrade: websocket", "Connection: Upgrade")),
                "426 Upgrade Required",
                Metric.REJECTED_HTTP_NO_UPGRADE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5",
                "Transfer-Encoding: chunked",
                "Host: another",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Bad Name: x",
                "Name : x",
                " folded",
                ": x",
                "no colon",
                "X: a\u0000b",
                "X: a\rb",
                "X: a\nb"
            })
    void aFieldThatMakesTheRequestDoubtfulIsRefused(String field) {
        expectRefused(of(ClientFrames.upgrade(field)), "400 Bad Request", Metric.REJECTED_HTTP_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Sec-WebSocket-Key"})
    void aRequestWithoutWhatItNeedsIsRefused(String missing) {
        expectRefused(of(without(missing)), "400 Bad Request", Metric.REJECTED_HTTP_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET  / HTTP/1.1",
                "GET / HTTP/2.0",
                "GET / http/1.1",
                "G@T / HTTP/1.1",
                "GET /\u00e4 HTTP/1.1"
            })
    void aRequestLineThatIsNoneIsRefused(String line) {
        expectRefused(of(ClientFrames.request(line, "Host: x")), "400 Bad Request", Metric.REJECTED_HTTP_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "dGhlIHNhbXBsZSBub25jZQ=!", "dGhlIHNhbXBsZSBub25jZTEyMw"})
    void aKeyThatIsNot16BytesIsRefused(String key) {
        byte[] request = ClientFrames.request(
                "GET / HTTP/1.1",
                "Host: x",
                "Upgrade: WebSocket",
                "Connection: upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + key);
        expectRefused(of(request), "400 Bad Request", Metric.REJECTED_HTTP_MALFORMED);
    }

    @Test
    void onlyPagesOfTheOriginsMayConnect() {
        WebSocketSettings settings = new WebSocketSettings("/", Set.of("https://example.com"), SETTINGS.subprotocols());
        assertThat(of(ClientFrames.upgrade("Origin: https://EXAMPLE.com"), settings)
                        .fault())
                .isNull();
        assertThat(of(ClientFrames.upgrade(), settings).fault())
                .as("no browser")
                .isNull();
        for (String origin : List.of("https://example.com.evil.example", "http://example.com", "null", "")) {
            expectRefused(
                    of(ClientFrames.upgrade("Origin: " + origin), settings), "403 Forbidden", Metric.REJECTED_ORIGIN);
        }
        expectRefused(
                of(ClientFrames.upgrade("Origin: https://example.com", "Origin: https://evil.example"), settings),
                "403 Forbidden",
                Metric.REJECTED_ORIGIN);
        assertThat(of(ClientFrames.upgrade("Origin: https://evil.example")).fault())
                .isNull();
    }
}
