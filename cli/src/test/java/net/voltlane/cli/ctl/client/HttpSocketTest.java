package net.voltlane.cli.ctl.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers byte for byte, of servers that are in order and of others. */
@Timeout(30)
class HttpSocketTest {
    private static final int LIMIT_MILLIS = 20_000;

    @Test
    void aBodyOfKnownLengthEndsWithIt() throws IOException {
        HttpAnswer answer = ask("HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; charset=utf-8\r\n"
                + "content-LENGTH: 3\r\n\r\nü!more");

        assertThat(answer).isEqualTo(new HttpAnswer(200, "application/json", "ü!"));
    }

    @Test
    void aBodyOfUnknownLengthEndsWithTheConnection() throws IOException {
        assertThat(ask("HTTP/1.0 503 no\n\nall of it")).isEqualTo(new HttpAnswer(503, "", "all of it"));
    }

    @Test
    void chunksArePutTogether() throws IOException {
        HttpAnswer answer = ask(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");

        assertThat(answer.body()).isEqualTo("abc0123456789");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "SSH-2.0-OpenSSH_9\r\n",
                "HTTP/1.1 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            })
    void whatIsNoAnswerIsSaidToBeNone(String answer) {
        assertThatThrownBy(() -> ask(answer)).isInstanceOf(NotHttpException.class);
    }

    @Test
    void aHeadWithoutAnEndIsCutOff() {
        assertThatThrownBy(() -> ask("HTTP/1.1 200 OK\r\n" + "x: y\r\n".repeat(20_000)))
                .isInstanceOf(NotHttpException.class)
                .hasMessageContaining("the head has no end");
    }

    @Test
    void silenceIsWaitedForUntilTheDeadlineAlone() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) listening.getLocalSocketAddress();

            assertThatThrownBy(() -> HttpSocket.exchange(address, new byte[1], 50))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Asks a server that sends {@code answer} and closes. */
    private static HttpAnswer ask(String answer) throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (Socket socket = listening.accept()) {
                    assertThat(socket.getInputStream().readNBytes(3)).hasSize(3);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // the client has heard enough
                }
            });
            server.setDaemon(true);
            server.start();
            return HttpSocket.exchange(
                    (InetSocketAddress) listening.getLocalSocketAddress(),
                    "ask".getBytes(StandardCharsets.UTF_8),
                    LIMIT_MILLIS);
        }
    }
}
