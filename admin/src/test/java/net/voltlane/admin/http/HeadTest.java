package net.voltlane.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of requests: the strict rules. In the texts, {@code |} stands for CR LF, ^ for CR and ~ for LF. */
@ExtendWith(LeakCheck.class)
class HeadTest {
    private final Peer.Server server = new Peer.Server(Peer.routes());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200; GET /read HTTP/1.1|Host: localhost||",
                "200; GET /read HTTP/1.1|host:localhost:1||",
                "200; GET /read HTTP/1.0||",
                "200; GET /read HTTP/1.1|Host: localhost|X-Any: a\tb \u00E9||",
                "200; GET /read HTTP/1.1|Host: localhost|Content-Length: 0||",
                // lines
                "400; |GET /read HTTP/1.1|Host: localhost||",
                "400; GET /read HTTP/1.1~Host: localhost~~",
                "400; GET /read HTTP/1.1|Host: localhost~~",
                "400; GET /read HTTP/1.1|Host: localhost|X: a^b||",
                "400; GET /read HTTP/1.1|Host: localhost|X: a\0b||",
                "400; GET /read HTTP/1.1|Host: localhost|X: a\u007Fb||",
                "400; GET /read HTTP/1.1|Host: localhost|X: a| folded||",
                "400; GET /read HTTP/1.1|Host: localhost|X: a|\tfolded||",
                "400; GET /read HTTP/1.1| Host: localhost||",
                "400; GET /read HTTP/1.1|Host : localhost||",
                "400; GET /read HTTP/1.1|Host: localhost|: none||",
                "400; GET /read HTTP/1.1|Host: localhost|none||",
                "400; GET /read HTTP/1.1|Host: localhost|X(y): z||",
                // the request line
                "400; GET  /read HTTP/1.1|Host: localhost||",
                "400; GET /read  HTTP/1.1|Host: localhost||",
                "400; GET\t/read HTTP/1.1|Host: localhost||",
                "400;  GET /read HTTP/1.1|Host: localhost||",
                "400; GET /read|Host: localhost||",
                "400; GET|Host: localhost||",
                "400; GET /read http/1.1|Host: localhost||",
                "400; GET /read HTTP/1|Host: localhost||",
                "400; G(T /read HTTP/1.1|Host: localhost||",
                "400; GET /r\u00E9ad HTTP/1.1|Host: localhost||",
                "400; GET http://localhost/read HTTP/1.1|Host: localhost||",
                "400; GET localhost:1 HTTP/1.1|Host: localhost||",
                "400; CONNECT localhost:1 HTTP/1.1|Host: localhost||",
                "400; OPTIONS * HTTP/1.1|Host: localhost||",
                "400; GET read HTTP/1.1|Host: localhost||",
                "400; GET /read#x HTTP/1.1|Host: localhost||",
                "400; GET /read%00 HTTP/1.1|Host: localhost||",
                "400; GET /read%zz HTTP/1.1|Host: localhost||",
                "400; GET /read%FF HTTP/1.1|Host: localhost||",
                "505; GET /read HTTP/2.0|Host: localhost||",
                "505; GET /read HTTP/1.2|Host: localhost||",
                "505; GET /read HTTP/0.9|Host: localhost||",
                "505; PRI * HTTP/2.0|||SM|||",
                // whose request it is
                "400; GET /read HTTP/1.1||",
                "400; GET /read HTTP/1.1|Host: localhost|Host: localhost||",
                "400; GET /read HTTP/1.0|Host: localhost|Host: localhost||",
                // the end of the body
                "400; GET /read HTTP/1.1|Host: localhost|Content-Length: 0|Content-Length: 0||",
                "400; GET /read HTTP/1.1|Host: localhost|Content-Length: 0, 0||",
                "400; GET /read HTTP/1.1|Host: localhost|Content-Length: +1||x",
                "400; GET /read HTTP/1.1|Host: localhost|Content-Length: -1||",
                "400; GET /read HTTP/1.1|Host: localhost|Content-Length: 0x1||x",
                "400; GET /read HTTP/1.1|Host: localhost|Content-Length:||",
                "400; GET /read HTTP/1.1|Host: localhost|Content-Length: 99999999999999999999||",
                "413; GET /read HTTP/1.1|Host: localhost|Content-Length: 999999999999999999||",
                "400; GET /read HTTP/1.1|Host: localhost|Content-Length: 1|Transfer-Encoding: chunked||0||",
                "400; GET /read HTTP/1.1|Host: localhost|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
                "400; GET /read HTTP/1.0|Host: localhost|Transfer-Encoding: chunked||0||",
                "411; GET /read HTTP/1.1|Host: localhost|Transfer-Encoding: chunked||0||",
                "411; GET /read HTTP/1.1|Host: localhost|Transfer-Encoding: xchunked||0||",
                "411; GET /read HTTP/1.1|Host: localhost|transfer-encoding:\tchunked||0||",
                "413; GET /read HTTP/1.1|Host: localhost|Content-Length: 65537||",
                "400; GET /read HTTP/1.1|Host: localhost|Authorization: a|Authorization: b||",
                "417; GET /read HTTP/1.1|Host: localhost|Expect: miracles||",
            })
    void aHeadIsReadStrictlyOrRefused(String statusAndText) {
        String status = statusAndText.substring(0, 3);
        String text = statusAndText
                .substring(5)
                .replace("|", "\r\n")
                .replace('~', '\n')
                .replace('^', '\r');
        try (Peer peer = server.connect()) {
            String answer = peer.send(text).received();

            assertThat(Peer.statusOf(answer)).isEqualTo(status);
            assertThat(peer.isOpen()).as("open").isEqualTo(status.equals("200") && !text.contains("HTTP/1.0"));
        }
    }

    @Test
    void nothingBehindARefusedHeadIsServed() {
        try (Peer peer = server.connect()) {
            String answer = peer.send("GET /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                            + "GET /read HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .received();

            assertThat(answer).containsOnlyOnce("HTTP/1.1 ").startsWith("HTTP/1.1 400 ");
            assertThat(server.figures.refused()).isOne();
            assertThat(server.figures.answered()).isZero();
        }
    }

    @Test
    void aLineAndAHeadHaveBoundsAndTheRestIsNotWaitedFor() {
        try (Peer longLine = server.connect();
                Peer longHeader = server.connect();
                Peer longHead = server.connect();
                Peer manyHeaders = server.connect()) {
            assertThat(Peer.statusOf(longLine.send("GET /" + "a".repeat(8_192)).received()))
                    .isEqualTo("414");
            assertThat(Peer.statusOf(longHeader
                            .send("GET /read HTTP/1.1\r\nX: " + "a".repeat(8_192))
                            .received()))
                    .isEqualTo("431");
            assertThat(Peer.statusOf(
                            longHead.send("GET /read HTTP/1.1\r\n" + ("X: " + "a".repeat(4_000) + "\r\n").repeat(5))
                                    .received()))
                    .isEqualTo("431");
            assertThat(Peer.statusOf(manyHeaders
                            .send("GET /read HTTP/1.1\r\n" + "X: a\r\n".repeat(65) + "\r\n")
                            .received()))
                    .isEqualTo("431");
        }
    }

    @Test
    void theLargestHeadsAreServed() {
        try (Peer peer = server.connect()) {
            String query = "a=" + "b".repeat(8_100);
            assertThat(Peer.statusOf(peer.ask("GET /read?" + query))).isEqualTo("200");
            assertThat(Peer.statusOf(peer.ask("GET /read", "X: " + "a".repeat(8_000), "Y: " + "a".repeat(8_000))))
                    .isEqualTo("200");
        }
    }

    @Test
    void itDoesNotMatterHowARequestIsCut() {
        String request = "POST /change HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Peer.TOKEN
                + "\r\nContent-Length: 2\r\n\r\nme";
        for (int cut = 1; cut < request.length(); cut++) {
            try (Peer peer = server.connect()) {
                assertThat(peer.send(request.substring(0, cut)).received()).isEmpty();
                assertThat(peer.send(request.substring(cut)).received()).endsWith("\r\n\r\nchanged by me");
            }
        }
        try (Peer peer = server.connect()) {
            request.chars().forEach(c -> peer.send(Character.toString(c)));
            assertThat(peer.received()).endsWith("\r\n\r\nchanged by me");
        }
    }
}
