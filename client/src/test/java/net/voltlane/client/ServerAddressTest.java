package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "example.com:42000, example.com, 42000",
        "127.0.0.1:1, 127.0.0.1, 1",
        "[::1]:65535, ::1, 65535",
        "::1:80, ::1, 80"
    })
    void theLastColonPartsThePort(String text, String host, int port) {
        assertThat(ServerAddress.parse(text)).isEqualTo(new ServerAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                ":42000",
                "a:",
                "a:x",
                "a:0",
                "a:65536",
                "a b:1",
                "http://a:1",
                "user@a:1",
                "[]:1",
                "unix:relative",
                "unix:/",
                "unix:/folder/",
                "unix:"
            })
    void anInvalidAddressIsRefusedWithAnExplanation(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse(text))
                .withMessageContaining("expected:");
    }

    @Test
    void aNameOutsideAsciiIsNamedInAscii() {
        assertThat(ServerAddress.parse("ws://bücher.example:81/x").authority()).isEqualTo("xn--bcher-kva.example:81");
        assertThat(ServerAddress.parse("ws://chat_server/x").authority()).isEqualTo("chat_server");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse("ws://" + "ü".repeat(64) + "/x"))
                .withMessageContaining("at most 63 bytes");
    }

    @Test
    void itsTextCanBeReadBack() {
        assertThat(new ServerAddress("::1", 7)).hasToString("[::1]:7");
        assertThat(new ServerAddress("a", 7)).hasToString("a:7");
        ServerAddress unix = ServerAddress.parse("unix:/run/a b:1.sock");
        assertThat(unix).isEqualTo(new ServerAddress(Scheme.UNIX, "/run/a b:1.sock", 0, ""));
        assertThat(unix).hasToString("unix:/run/a b:1.sock");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerAddress.parse("unix:/" + "x".repeat(107)))
                .withMessageContaining("at most 107 bytes");
    }
}
