package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of what a client says about answers to its request for a WebSocket. */
@Timeout(60)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class WebSocketUpgradeTest {

    private static ClientException refused(String answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(peer -> {
            peer.some(20);
            peer.raw(Bytes.utf8(answer));
            peer.finish();
        })) {
            Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(
                    () -> VoltlaneClient.connect("ws://127.0.0.1:" + server.port() + "/"));
            assertThat(thrown).isInstanceOf(ClientException.class);
            return (ClientException) thrown;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 404 Not Found, PROTOCOL_VIOLATION, 404 Not Found",
        "HTTP/1.1 200 OK, PROTOCOL_VIOLATION, 200 OK",
        "HTTP/1.1 301 Moved, PROTOCOL_VIOLATION, 301 Moved",
        "HTTP/1.1 400 Bad Request, PROTOCOL_VIOLATION, 400 Bad Request (it may not serve voltlane.2)",
        "HTTP/1.1 403, PROTOCOL_VIOLATION, 403",
        "HTTP/1.1 502 Bad Gateway, UNREACHABLE, 502 Bad Gateway",
        "HTTP/1.0 429 Too Many, UNREACHABLE, 429 Too Many",
        "HTTP/1.1 101 Switching Protocols, PROTOCOL_VIOLATION, another protocol",
        "SSH-2.0-OpenSSH, PROTOCOL_VIOLATION, something that is not HTTP",
        "'', PROTOCOL_VIOLATION, something that is not HTTP",
        "HTTP/1.1 abc, PROTOCOL_VIOLATION, something that is not HTTP"
    })
    void anAnswerThatIsNoWebSocketIsNamed(String line, CloseReason reason, String part) throws Exception {
        ClientException e = refused(line + (line.isEmpty() ? "" : "\r\nContent-Length: 0") + "\r\n\r\n");
        assertThat(e.reason()).isEqualTo(reason);
        assertThat(e).hasMessageStartingWith("no WebSocket at ws://127.0.0.1:").hasMessageContaining(part);
    }

    /** A redirect may lead to anybody, so it is followed by people only. */
    @Test
    void aRedirectIsNotFollowed() throws Exception {
        ClientException e = refused("HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n");
        assertThat(e.reason()).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
        assertThat(e).hasMessageEndingWith("the server gave 302 Found");
    }

    /** The key of the test is not the client's, so the answer is one to another request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "Upgrade: websocket\r\nConnection: Upgrade",
                "Connection: Upgrade",
                "Upgrade: h2c\r\nConnection: Upgrade"
            })
    void anAnswerToAnotherRequestIsRefused(String fields) throws Exception {
        assertThat(refused("HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n\r\n"))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageEndingWith("another protocol, or the answer to another request");
    }

    @Test
    void anEndlessOrCutAnswerIsRefused() throws Exception {
        assertThat(refused("HTTP/1.1 101 Switching\r\n" + "a: b\r\n".repeat(4_000)))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageEndingWith("an endless answer");
        for (String cut : new String[] {"", "HTTP/1.1", "HTTP/1.1 101 Switching Protocols\r\n\r"}) {
            assertThat(refused(cut))
                    .isInstanceOf(HungUpException.class)
                    .hasMessageEndingWith("instead of opening a WebSocket (expected: a listener with it)");
        }
    }

    @Test
    void addressesAreReadAndShown() {
        for (String text : new String[] {
            "tls://a.example:1",
            "ws://a.example:1/",
            "wss://a.example:443/chat?x=1",
            "wss://[::1]:443/",
            "ws://a:80/%20"
        }) {
            assertThat(ServerAddress.parse(text)).hasToString(text);
        }
        assertThat(ServerAddress.parse("WSS://A.example")).hasToString("wss://A.example:443/");
        assertThat(ServerAddress.parse("ws://[::1]?a")).hasToString("ws://[::1]:80/?a");
        assertThat(ServerAddress.parse("tcp://a:1")).isEqualTo(new ServerAddress("a", 1));
        assertThat(ServerAddress.parse("wss://a:443").authority()).isEqualTo("a");
        assertThat(ServerAddress.parse("wss://a:80").authority()).isEqualTo("a:80");
        for (String wrong : new String[] {
            "tls://a",
            "http://a:1",
            "ws://",
            "ws:///path",
            "tls://a:1/path",
            "ws://a/b c",
            "ws://a:0/",
            "ws://a/#b",
            "://a:1",
            "ws://user@a/",
            "ws://a:x/"
        }) {
            assertThatThrownBy(() -> ServerAddress.parse(wrong))
                    .as(wrong.toLowerCase(Locale.ROOT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(expected: ");
        }
    }
}
