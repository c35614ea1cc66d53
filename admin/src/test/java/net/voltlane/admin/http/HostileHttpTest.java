package net.voltlane.admin.http;

import static net.voltlane.admin.http.HttpStage.TOKEN;
import static net.voltlane.admin.http.HttpStage.bearer;
import static net.voltlane.admin.http.HttpStage.get;
import static net.voltlane.admin.http.HttpStage.one;
import static net.voltlane.admin.http.HttpStage.rest;
import static net.voltlane.admin.http.HttpStage.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that break the rules, that never finish, or that never read. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class HostileHttpTest {
    private static final String SMUGGLED = "POST /change HTTP/1.1\r\nHost: localhost\r\n" + bearer(TOKEN) + "\r\n\r\n";

    /** Requests that programs on the way may read differently, each with another one behind or inside. */
    static List<String> smuggling() {
        String start = "POST /change HTTP/1.1\r\nHost: localhost\r\n";
        return List.of(
                start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                start + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                start + "Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED,
                start + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
                start + "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                start + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                start + "Content-Length: 0\r\nContent-Length: 4\r\n\r\nabcd" + SMUGGLED,
                start + "Content-Length: 0, 4\r\n\r\nabcd" + SMUGGLED,
                start + "Content-Length: +0\r\n\r\n" + SMUGGLED,
                start + "Content-Length: -1\r\n\r\n" + SMUGGLED,
                start + "Content-Length: 0x0\r\n\r\n" + SMUGGLED,
                start + "Content-Length: 99999999999999999999\r\n\r\n" + SMUGGLED,
                start + "Content-Length : 0\r\n\r\n" + SMUGGLED,
                start + "X: a\rb\r\n\r\n" + SMUGGLED,
                start + "X: a\0b\r\n\r\n" + SMUGGLED,
                start + ": no name\r\n\r\n" + SMUGGLED,
                start + "no colon\r\n\r\n" + SMUGGLED,
                "GET /read HTTP/1.1 x\r\nHost: localhost\r\n\r\n" + SMUGGLED,
                "GET /read HTTP/1.2\r\nHost: localhost\r\n\r\n" + SMUGGLED,
                "GET /read HTTP/2.0\r\nHost: localhost\r\n\r\n" + SMUGGLED,
                "GET /read\r\nHost: localhost\r\n\r\n" + SMUGGLED,
                "GET /read HTTP/1.1\nHost: localhost\n\n" + SMUGGLED,
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000" + SMUGGLED,
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SMUGGLED);
    }

    @ParameterizedTest
    @MethodSource("smuggling")
    void anAmbiguousRequestEndsItsConnection(String text) throws Exception {
        try (HttpStage stage = new HttpStage()) {
            String answer = stage.ask(text);
            assertThat(answer).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 2");
            assertThat(answer.split("HTTP/1\\.1 [0-9]", -1))
                    .as("one answer, then the end")
                    .hasSize(2);
            assertThat(stage.changes).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/read",
                "localhost:80",
                "*",
                "/read?a=1&a=2",
                "/things/%",
                "/things/%zz",
                "/things/%ff",
                "/things/%00",
                "/things/a#b",
                "/things/\u00fc"
            })
    void aTargetThatIsNoPlainPathIsRefused(String target) throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(get(target, "Connection: close"))).startsWith("HTTP/1.1 400");
        }
    }

    /** A slash inside a segment stays inside of it. */
    @Test
    void encodedSlashesAndDotsHaveNoMeaning() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(get("/things/%2e%2e%2fread", "Connection: close")))
                    .endsWith("\r\n\r\n../read");
            assertThat(stage.ask(get("/things%2f1", "Connection: close"))).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void headsAndBodiesHaveTheirBounds() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 414");
            assertThat(stage.ask(get("/read", "X: " + "a".repeat(17_000)))).startsWith("HTTP/1.1 431");
            String many = "X: y\r\n".repeat(6_000);
            assertThat(stage.ask("GET /read HTTP/1.1\r\nHost: localhost\r\n" + many + "\r\n"))
                    .startsWith("HTTP/1.1 431");
            assertThat(stage.ask(get("/read", "Content-Length: 1000000"))).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void halfARequestHasItsTime() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            Socket silent = stage.connect();
            Socket half = stage.connect();
            send(half, "GET /read HTT");
            Socket halfBody = stage.connect();
            send(halfBody, get("/read", "Content-Length: 10") + "12345");
            Socket served = stage.connect();
            send(served, get("/things/1"));
            one(served);
            stage.awaitReading(2);
            stage.pass(11);
            assertThat(rest(silent)).isEmpty();
            assertThat(rest(half)).isEmpty();
            assertThat(rest(halfBody)).isEmpty();
            send(served, get("/things/2"));
            assertThat(one(served)).endsWith("2");
            stage.passUntil(() -> stage.server.open() == 0);
            assertThat(rest(served)).isEmpty();
            assertThat(stage.server.figures().timedOut()).isEqualTo(2);
        }
    }

    /** A byte now and then does not extend the time of a request. */
    @Test
    void aSlowLorisHasNoMoreTime() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            Socket loris = stage.connect();
            send(loris, "GET /read HTTP/1.1\r\n");
            stage.awaitReading(1);
            stage.pass(6);
            send(loris, "X: y\r\n");
            stage.pass(6);
            assertThat(rest(loris)).isEmpty();
        }
    }

    @Test
    void anEndpointThatNeverAnswersCostsOneConnectionForAWhile() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            Socket waiting = stage.connect();
            send(waiting, get("/slow"));
            stage.passUntil(() -> stage.server.figures().timedOut() == 1);
            assertThat(rest(waiting)).startsWith("HTTP/1.1 503").contains("did not answer within 10 s");
            stage.slow.complete(Response.empty(204));
            assertThat(stage.ask(get("/things/1", "Connection: close"))).endsWith("1");
        }
    }

    @Test
    void aPeerThatDoesNotReadItsAnswerIsCutOff() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            Socket stuck = stage.connect();
            send(stuck, get("/large") + get("/large"));
            stage.passUntil(() -> stage.server.figures().timedOut() == 1);
            assertThat(stage.server.figures().answered())
                    .as("the second one was not begun")
                    .isEqualTo(1);
        }
    }

    @Test
    void aStreamThatIsNotReadIsCutOff() throws Exception {
        try (HttpStage stage = new HttpStage(HttpStage.SMALL, new Token(TOKEN), Set.of())) {
            Socket stuck = stage.connect();
            send(stuck, get("/stream"));
            await().until(() -> !stage.streams.isEmpty());
            byte[] part = new byte[16_000];
            for (int i = 0; i < 2_000; i++) {
                stage.streams.get(0).send(part);
            }
            await().until(() -> stage.server.figures().slowReaders() == 1);
        }
    }

    @Test
    void streamsAreBoundedAndGiveTheirPlacesBack() throws Exception {
        try (HttpStage stage = new HttpStage(HttpStage.SMALL, new Token(TOKEN), Set.of())) {
            Socket first = stage.connect();
            send(first, get("/stream"));
            send(stage.connect(), get("/stream"));
            await().until(() -> stage.streams.size() == 2);
            assertThat(stage.ask(get("/stream", "Connection: close"))).startsWith("HTTP/1.1 503");
            first.close();
            await().until(() -> {
                Socket next = stage.connect();
                send(next, get("/stream"));
                byte[] line = next.getInputStream().readNBytes(12);
                return new String(line, StandardCharsets.ISO_8859_1).endsWith("200");
            });
        }
    }

    /** Hundreds of connections that never ask for anything do not keep an operator out. */
    @Test
    void anOperatorGetsInThroughACrowd() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            for (int i = 0; i < 300; i++) {
                stage.connect();
            }
            assertThat(stage.ask(get("/things/1", "Connection: close"))).endsWith("1");
            assertThat(stage.server.figures().crowdedOut())
                    .isGreaterThanOrEqualTo(300 - HttpLimits.DEFAULT.connections());
        }
    }

    /** Requests that are being served are not cut off for a newcomer. */
    @Test
    void whoIsServedKeepsHisPlace() throws Exception {
        try (HttpStage stage = new HttpStage(HttpStage.SMALL, new Token(TOKEN), Set.of())) {
            List<Socket> busy = new ArrayList<>();
            for (int i = 0; i < HttpStage.SMALL.connections(); i++) {
                Socket socket = stage.connect();
                send(socket, get("/things/" + i));
                one(socket);
                send(socket, get("/slow"));
                busy.add(socket);
            }
            await().until(() -> closes(stage.connect()));
            stage.slow.complete(Response.text(200, "text/plain", "done"));
            for (Socket socket : busy) {
                assertThat(one(socket)).endsWith("done");
            }
        }
    }

    private static boolean closes(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void whateverComesTheServerLives() throws Exception {
        long seed = Long.getLong("voltlane.seed", 42);
        Random random = new Random(seed);
        try (HttpStage stage = new HttpStage()) {
            for (int i = 0; i < 200; i++) {
                byte[] bytes = mutated(random, get("/read?a=b", "X: y", "Content-Length: 2") + "{}" + SMUGGLED);
                try (Socket socket = stage.connect()) {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                    assertThat(socket.getInputStream().readAllBytes())
                            .as("seed %d, round %d", seed, i)
                            .isNotNull();
                } catch (IOException reset) {
                    assertThat(reset).hasMessageMatching("(?i).*(reset|pipe).*");
                }
            }
            assertThat(stage.ask(get("/things/1", "Connection: close"))).endsWith("1");
        }
    }

    private static byte[] mutated(Random random, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(6); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
