package net.voltlane.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of access: names, origins, tokens. */
@ExtendWith(LeakCheck.class)
class AccessPolicyTest {
    private static final String BEARER = "Authorization: Bearer " + Peer.TOKEN;
    private static final String WRONG = "Authorization: Bearer wrong";

    private final Peer.Server server = new Peer.Server(Peer.routes());

    private String status(Peer peer, String line, String... headers) {
        return Peer.statusOf(peer.ask(line, headers));
    }

    private static String withHost(Peer peer, String host, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return Peer.statusOf(peer.send("GET /read HTTP/1.1\r\nHost: " + host + "\r\n" + BEARER + "\r\n" + more + "\r\n")
                .received());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:42002",
                "127.0.0.1",
                "192.0.2.7:80",
                "[::1]",
                "[2001:db8::7]:42002",
                "ops.example",
                "OPS.example:443"
            })
    void addressesLocalhostAndListedNamesAreHosts(String host) {
        try (Peer peer = server.connect()) {
            assertThat(withHost(peer, host)).isEqualTo("200");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:42002",
                "ops.example.evil.example",
                "ops.example.",
                "localhost.",
                "127.1",
                "localhost:",
                "localhost:x",
                "localhost:123456",
                "a@localhost",
                "localhost/",
                "::1",
                "[::1",
                "::1]",
                "[x]",
                "[::1]x",
                "localhost localhost",
                "127.0.0.1.evil.example",
                "0x7f000001",
                ""
            })
    void otherNamesAreRefused(String host) {
        try (Peer peer = server.connect()) {
            assertThat(withHost(peer, host)).isEqualTo("421");
            assertThat(peer.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:42002, http://localhost:42002, 200",
        "localhost:42002, HTTP://LOCALHOST:42002, 200",
        "localhost, http://localhost, 200",
        "localhost, http://localhost:80, 200",
        "localhost:80, http://localhost, 200",
        "192.0.2.7, https://192.0.2.7:443, 200",
        "127.0.0.1:42002, https://ops.example, 200",
        "ops.example, https://ops.example, 200",
        "localhost:42002, http://localhost, 403",
        "localhost:42002, http://localhost:42003, 403",
        "localhost:42002, http://127.0.0.1:42002, 403",
        "localhost, https://localhost:80, 403",
        "localhost, http://evil.example, 403",
        "localhost, http://localhost.evil.example, 403",
        "localhost, http://evil.example/http://localhost, 403",
        "localhost, null, 403",
        "localhost, file://, 403",
        "localhost, chrome-extension://localhost, 403",
    })
    void anOriginIsThisServersOwnOrAListedName(String host, String origin, String status) {
        try (Peer peer = server.connect()) {
            assertThat(withHost(peer, host, "Origin: " + origin)).isEqualTo(status);
        }
    }

    @Test
    void anOldClientWithoutHostMaySendNoOrigin() {
        try (Peer peer = server.connect()) {
            assertThat(Peer.statusOf(peer.send("GET /read HTTP/1.0\r\nOrigin: http://evil.example\r\n\r\n")
                            .received()))
                    .isEqualTo("403");
        }
    }

    @Test
    void readingIsFreeOnThisMachineAndNeedsTheTokenElsewhere() {
        try (Peer here = server.connect();
                Peer six = server.connectFrom("::1");
                Peer there = server.connectFrom("192.0.2.7")) {
            assertThat(status(here, "GET /read")).isEqualTo("200");
            assertThat(status(six, "GET /read")).isEqualTo("200");
            assertThat(there.ask("GET /read")).startsWith("HTTP/1.1 401 ").contains("\r\nWWW-Authenticate: Bearer\r\n");
            assertThat(status(there, "GET /read", BEARER)).isEqualTo("200");
            assertThat(status(there, "HEAD /read")).isEqualTo("401");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded: for=192.0.2.7",
                "X-Forwarded-For: 192.0.2.7",
                "x-real-ip: 192.0.2.7",
                "Via: 1.1 proxy"
            })
    void aProxyOnThisMachineIsNotThisMachine(String header) {
        try (Peer peer = server.connect()) {
            assertThat(status(peer, "GET /read", header)).isEqualTo("401");
            assertThat(status(peer, "GET /read", header, BEARER)).isEqualTo("200");
            assertThat(peer.ask("GET /open", header)).endsWith("trusted false");
        }
    }

    @Test
    void aRequestForAListedNameCameThroughAProxy() {
        try (Peer peer = server.connect()) {
            assertThat(Peer.statusOf(peer.send("GET /read HTTP/1.1\r\nHost: ops.example\r\n\r\n")
                            .received()))
                    .isEqualTo("401");
        }
    }

    @Test
    void somePathsAreOpenAndTellWhetherMoreMayBeToldThere() {
        try (Peer here = server.connect();
                Peer there = server.connectFrom("192.0.2.7")) {
            assertThat(here.ask("GET /open")).endsWith("trusted true");
            assertThat(there.ask("GET /open")).endsWith("trusted false");
            assertThat(there.ask("GET /open", BEARER)).endsWith("trusted true");
            assertThat(here.ask("GET /open", WRONG)).endsWith("trusted false");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "192.0.2.7"})
    void changesNeedTheTokenFromEverywhere(String address) {
        try (Peer peer = server.connectFrom(address)) {
            assertThat(status(peer, "POST /change", "Content-Length: 0")).isEqualTo("401");
            assertThat(status(peer, "POST /change", "Content-Length: 0", WRONG)).isEqualTo("401");
            assertThat(status(peer, "POST /change", "Content-Length: 0", BEARER))
                    .isEqualTo("200");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bearer TOKEN, 200",
        "BEARER   TOKEN, 200",
        "Bearer TOKENx, 401",
        "Bearer TOKE, 401",
        "Bearer, 401",
        "Basic TOKEN, 401",
        "TOKEN, 401",
        "Bearer TOKEN TOKEN, 401",
    })
    void aTokenIsSentAsABearer(String value, String status) {
        try (Peer peer = server.connect()) {
            String header = "Authorization: " + value.replace("TOKEN", Peer.TOKEN);
            assertThat(status(peer, "POST /change", "Content-Length: 0", header))
                    .isEqualTo(status);
        }
    }

    @Test
    void aWrongTokenIsToldEvenWhereNoneIsNeeded() {
        try (Peer peer = server.connect()) {
            assertThat(status(peer, "GET /read", WRONG)).isEqualTo("401");
            assertThat(server.figures.wrongTokens()).isOne();
        }
    }

    @Test
    void withoutATokenNothingCanBeChangedAndOnlyThisMachineCanRead() {
        ManualClock clock = new ManualClock();
        HttpFigures figures = new HttpFigures();
        AccessPolicy policy = new AccessPolicy(null, Set.of(), figures, clock);
        var headers = new io.netty.handler.codec.http.DefaultHttpHeaders();
        var here = java.net.InetAddress.getLoopbackAddress();

        assertThat(policy.checkAccess(Access.READ, here, headers)).isTrue();
        for (String value : List.of("", "Bearer x")) {
            if (!value.isEmpty()) {
                headers.set("Authorization", value);
            }
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> policy.checkAccess(Access.CHANGE, here, headers))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().status()).isEqualTo(403));
        }
    }

    @Test
    void manyWrongTokensAreRefusedForAWhileAndTheRightOneIsNot() {
        try (Peer guesser = server.connectFrom("192.0.2.7");
                Peer other = server.connectFrom("192.0.2.8")) {
            for (int i = 0; i < WrongTokens.AT_ONCE; i++) {
                assertThat(status(guesser, "GET /read", WRONG)).isEqualTo("401");
            }
            assertThat(guesser.ask("GET /read", WRONG))
                    .startsWith("HTTP/1.1 429 ")
                    .contains("\r\nRetry-After: 7\r\n");
            assertThat(status(guesser, "GET /read", BEARER)).isEqualTo("200");
            assertThat(status(other, "GET /read", WRONG)).isEqualTo("401");
            assertThat(server.figures.wrongTokens()).isEqualTo(WrongTokens.AT_ONCE + 1);
            assertThat(server.figures.guessesRefused()).isOne();

            server.pass(WrongTokens.SECONDS_EACH * 1_000);
            assertThat(status(guesser, "GET /read", BEARER)).isEqualTo("200");
            assertThat(status(guesser, "GET /read", WRONG)).isEqualTo("401");
            assertThat(status(guesser, "GET /read", WRONG)).isEqualTo("429");
        }
    }

    @Test
    void aNetworkOfIpv6IsOnePeerAndTheMemoryForGuessersIsBounded() throws Exception {
        ManualClock clock = new ManualClock();
        WrongTokens wrong = new WrongTokens(clock);
        for (int i = 0; i < WrongTokens.AT_ONCE; i++) {
            wrong.add(java.net.InetAddress.getByName("2001:db8::" + i));
        }
        assertThat(wrong.waitSeconds(java.net.InetAddress.getByName("2001:db8::ffff")))
                .isPositive();
        assertThat(wrong.waitSeconds(java.net.InetAddress.getByName("2001:db8:0:1::1")))
                .isZero();
        for (int i = 0; i < WrongTokens.MAX_ADDRESSES; i++) {
            wrong.add(java.net.InetAddress.getByName("10.0." + (i >> 8) + "." + (i & 255)));
        }
        assertThat(wrong.waitSeconds(java.net.InetAddress.getByName("2001:db8::1")))
                .isZero();
    }
}
