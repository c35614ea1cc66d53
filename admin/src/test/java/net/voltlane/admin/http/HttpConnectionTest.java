package net.voltlane.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of a connection: requests one after the other, and their deadlines. */
@ExtendWith(LeakCheck.class)
class HttpConnectionTest {
    private static final String READ = "GET /read HTTP/1.1\r\n" + Peer.HOST + "\r\n";

    private final List<CompletableFuture<Response>> pending = new ArrayList<>();
    private final Peer.Server server = new Peer.Server(routes());

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>(Peer.routes());
        routes.add(Route.get("/later", request -> {
            CompletableFuture<Response> answer = new CompletableFuture<>();
            pending.add(answer);
            return answer;
        }));
        return routes;
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() {
        try (Peer peer = server.connect()) {
            assertThat(peer.ask("GET /read?a=%20+b"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\nconnection: keep-alive\r\n")
                    .endsWith("\r\n\r\nGET /read {a=  b}");
            assertThat(peer.ask("GET /things/a%2Fb")).endsWith("\r\n\r\na/b");
            assertThat(peer.isOpen()).isTrue();
            assertThat(server.figures.answered()).isEqualTo(2);
        }
    }

    @Test
    void everyAnswerKeepsScriptsFromElsewhereOut() {
        try (Peer peer = server.connect()) {
            for (String path : List.of("/read", "/nothing")) {
                assertThat(peer.ask("GET " + path))
                        .contains(
                                "\r\nX-Content-Type-Options: nosniff\r\n",
                                "\r\nReferrer-Policy: no-referrer\r\n",
                                "\r\nX-Frame-Options: DENY\r\n",
                                "\r\ncache-control: no-store\r\n",
                                "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n")
                        .doesNotContainIgnoringCase("access-control");
            }
        }
    }

    @Test
    void requestsThatAreSentAheadAreAnsweredInOrderAndOneAtATime() {
        try (Peer peer = server.connect()) {
            String later = "GET /later HTTP/1.1\r\n" + Peer.HOST + "\r\n";
            peer.send(later + later + READ);
            assertThat(pending).hasSize(1);
            pending.get(0).complete(Response.text(200, "text/plain", "first"));
            assertThat(peer.received()).endsWith("first");
            assertThat(pending).hasSize(2);
            pending.get(1).complete(Response.text(200, "text/plain", "second"));
            assertThat(peer.received())
                    .containsSubsequence("second", "GET /read")
                    .containsOnlyOnce("second");
        }
    }

    @Test
    void aHeadRequestHasTheHeadOfAnAnswerAlone() {
        try (Peer peer = server.connect()) {
            assertThat(peer.ask("HEAD /read"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\ncontent-length: 13\r\n") // of "HEAD /read {}"
                    .endsWith("\r\n\r\n");
            assertThat(peer.ask("GET /read")).endsWith("GET /read {}");
        }
    }

    @Test
    void anOldClientIsServedAndTheConnectionClosed() {
        try (Peer peer = server.connect()) {
            assertThat(peer.send("GET /open HTTP/1.0\r\n\r\n").received())
                    .contains("\r\nconnection: close\r\n")
                    .endsWith("trusted true");
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void theMethodsOfAPathAreTold() {
        try (Peer peer = server.connect()) {
            assertThat(peer.ask("POST /read", "Content-Length: 0"))
                    .startsWith("HTTP/1.1 405 ")
                    .contains("\r\nAllow: GET, HEAD\r\n", "\r\ncontent-type: application/problem+json\r\n")
                    .contains("\"status\":405");
            assertThat(peer.ask("GET /change")).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: POST\r\n");
            assertThat(peer.ask("OPTIONS /read")).startsWith("HTTP/1.1 405 ");
        }
    }

    @Test
    void aPathIsComparedExactly() {
        try (Peer peer = server.connect()) {
            for (String path : List.of("//read", "/read/", "/./read", "/x/../read", "/%2e/read", "/READ", "/things/")) {
                assertThat(Peer.statusOf(peer.ask("GET " + path))).as(path).isEqualTo("404");
            }
            assertThat(Peer.statusOf(peer.ask("GET /%72ead"))).isEqualTo("200");
        }
    }

    @Test
    void aFailingEndpointIsAnErrorOfTheServer() {
        try (Peer peer = server.connect()) {
            assertThat(peer.ask("GET /broken")).startsWith("HTTP/1.1 500 ").doesNotContain("oops");
            assertThat(peer.ask("GET /read")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aBodyIsAskedForWhereItsSenderWaits() {
        try (Peer peer = server.connect()) {
            String head = "POST /change HTTP/1.1\r\n" + Peer.HOST + "Expect: 100-continue\r\nContent-Length: 2\r\n";
            assertThat(peer.send(head + "Authorization: Bearer " + Peer.TOKEN + "\r\n\r\n")
                            .received())
                    .startsWith("HTTP/1.1 100 ");
            assertThat(peer.send("me").received()).endsWith("changed by me");
            assertThat(peer.send(head + "\r\n").received()).startsWith("HTTP/1.1 401 ");
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void theBodyOfARequestThatIsNotServedIsReadAndDropped() {
        try (Peer peer = server.connect()) {
            assertThat(peer.ask("POST /nothing", "Content-Length: 5")).isEmpty();
            assertThat(peer.send("hello").received()).startsWith("HTTP/1.1 404 ");
            assertThat(peer.ask("GET /read")).startsWith("HTTP/1.1 200 ");
        }
    }

    // ---- deadlines

    @Test
    void aConnectionWithoutARequestIsClosed() {
        try (Peer peer = server.connect()) {
            server.pass(10_000);
            assertThat(peer.isOpen()).isTrue();
            server.pass(1);
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void aRequestThatComesByteByByteIsNotWaitedForAnyLonger() {
        try (Peer peer = server.connect()) {
            peer.ask("GET /read");
            for (int i = 0; i < 10; i++) {
                peer.send(READ.substring(i, i + 1));
                server.pass(1_000);
            }
            assertThat(peer.isOpen()).isTrue();
            peer.send(READ.substring(10, 11));
            server.pass(1);
            assertThat(peer.isOpen()).isFalse();
            assertThat(server.figures.timedOut()).isOne();
        }
    }

    @Test
    void aBodyHasTheSameDeadline() {
        try (Peer peer = server.connect()) {
            peer.ask("POST /change", "Content-Length: 5", "Authorization: Bearer " + Peer.TOKEN);
            peer.send("hell");
            server.pass(10_001);
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void whatWasSentAheadHasADeadlineOfItsOwn() {
        try (Peer peer = server.connect()) {
            peer.send(READ + "GET /re");
            assertThat(peer.received()).isNotEmpty();
            server.pass(10_001);
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @Test
    void aQuietConnectionIsKeptForAMinute() {
        try (Peer peer = server.connect()) {
            peer.ask("GET /read");
            server.pass(60_000);
            assertThat(peer.ask("GET /read")).isNotEmpty();
            server.pass(60_001);
            assertThat(peer.isOpen()).isFalse();
            assertThat(server.figures.timedOut()).isZero();
        }
    }

    @Test
    void anEndpointThatDoesNotAnswerIsAnsweredFor() {
        try (Peer peer = server.connect()) {
            peer.ask("GET /later");
            server.pass(10_001);
            assertThat(peer.received()).startsWith("HTTP/1.1 503 ").contains("did not answer within 10 s");
            assertThat(peer.isOpen()).isFalse();
            pending.get(0).complete(Response.text(200, "text/plain", "late"));
            assertThat(peer.received()).isEmpty();
        }
    }

    @Test
    void anAnswerToAPeerThatHasGoneIsDropped() {
        Peer peer = server.connect();
        peer.ask("GET /later");
        peer.close();
        pending.get(0).complete(Response.text(200, "text/plain", "late"));
        assertThat(server.connections.size()).isZero();
        assertThat(server.connections.waitingBytes()).isZero();
    }
}
