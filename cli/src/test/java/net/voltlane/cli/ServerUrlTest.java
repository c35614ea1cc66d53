package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.voltlane.bench.model.Via;
import net.voltlane.client.VoltlaneClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {

    /** The client SDK takes each of them in the form in which it is shown. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:42000, 127.0.0.1:42000",
        "[::1]:42000, [::1]:42000",
        "::1:42000, [::1]:42000",
        "chat_server:42000, chat_server:42000",
        "bücher:42000, bücher:42000",
        "tls://chat_server:1, tls://chat_server:1",
        "tls://bücher.example:1, tls://bücher.example:1",
        "tls://::1:1, tls://[::1]:1",
        "tls://[::1]:1, tls://[::1]:1",
        "ws://chat_server/x, ws://chat_server:80/x",
        "ws://bücher:8080, ws://bücher:8080/",
        "ws://::1:8080/chat, ws://[::1]:8080/chat",
        "wss://[::1]?x, wss://[::1]:443/?x",
        "wss://chat_server, wss://chat_server:443/",
        "tcp://a.example:1, a.example:1",
        "tls://a.example:1, tls://a.example:1",
        "WSS://a.example, wss://a.example:443/",
        "ws://a.example, ws://a.example:80/",
        "ws://[::1]:8080/chat?x=1, ws://[::1]:8080/chat?x=1",
        "wss://a.example?x, wss://a.example:443/?x",
        "unix:/run/voltlane.sock, unix:/run/voltlane.sock"
    })
    void anAddressIsReadAndShown(String text, String shown) {
        assertThat(ServerUrl.parse(text)).hasToString(shown);
        VoltlaneClient.builder(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a:0",
                "a:65536",
                "a:b",
                "tls://a",
                "tls://a:1/path",
                "tcp://a:1/",
                "http://a:1",
                "ws://",
                "ws:///x",
                "ws://u@a/",
                "ws://a/#x",
                "ws://a/ b",
                "://a:1",
                "a b:1",
                "::1",
                "[chat_server]:1",
                "1.2.3:1",
                "tls://a:0",
                "tls://a:1?x",
                "tls://unix:/x",
                "unix://",
                "ws://::1",
                "ws://[::1",
                "ws://a:/x",
                "ws://a:0/x",
                "ws://a:65536/",
                "ws://chat_server/ü",
                "ws://unix:/x",
                "unix:x",
                "unix:",
                "unix:/x/"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> ServerUrl.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBenchHearsHowTheServerIsReached() {
        Via via = ServerUrl.parse("wss://[::1]/x").via(Via.Files.NONE, false);
        assertThat(via).isEqualTo(new Via(Via.Kind.WSS, "::1", "[::1]:443", "/x", Via.Files.NONE));
        assertThat(via.text("[::1]:443")).isEqualTo("wss://[::1]:443/x");
        assertThat(ServerUrl.parse("a:1").via(Via.Files.NONE, false)).isSameAs(Via.TCP);
        ServerUrl unix = ServerUrl.parse("unix:/run/x.sock");
        assertThat(unix.via(Via.Files.NONE, false).text(unix.socket().toString()))
                .isEqualTo("unix:/run/x.sock");
    }
}
