package net.voltlane.admin.http;

import static net.voltlane.admin.http.HttpStage.TOKEN;
import static net.voltlane.admin.http.HttpStage.bearer;
import static net.voltlane.admin.http.HttpStage.get;
import static net.voltlane.admin.http.HttpStage.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.util.Set;
import net.voltlane.testkit.LeakCheck;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Permission: who may read, who may change, and under which names. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class AccessTest {
    private static final String CLOSE = "Connection: close";
    private static final String JSON = "Content-Type: application/json";

    @Test
    void readingIsFreeHereAndChangesNeedTheToken() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(get("/read", CLOSE))).startsWith("HTTP/1.1 200");
            assertThat(stage.ask(request("POST", "/change", "{}", CLOSE, JSON)))
                    .startsWith("HTTP/1.1 401")
                    .contains("WWW-Authenticate: Bearer");
            assertThat(stage.changes).hasValue(0);
            assertThat(stage.ask(request("POST", "/change", "{\"a\":1}", CLOSE, JSON, bearer(TOKEN))))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("{\"a\":1}");
            assertThat(stage.changes).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer",
                "Bearer ",
                "right-token",
                "Basic right-token",
                "Bearer right-token2",
                "Bearer RIGHT-TOKEN"
            })
    void aWrongTokenIsRefusedForReadingToo(String authorization) throws Exception {
        try (HttpStage stage = new HttpStage()) {
            String header = "Authorization: " + authorization;
            assertThat(stage.ask(request("POST", "/change", "{}", CLOSE, JSON, header)))
                    .startsWith("HTTP/1.1 401");
            assertThat(stage.ask(get("/read", CLOSE, header))).startsWith("HTTP/1.1 401");
            assertThat(stage.ask(get("/", CLOSE, header))).startsWith("HTTP/1.1 200");
            assertThat(stage.changes).hasValue(0);
            assertThat(stage.server.figures().wrongTokens()).isEqualTo(3);
        }
    }

    @Test
    void withoutATokenNothingCanBeChanged() throws Exception {
        try (HttpStage stage = new HttpStage(HttpLimits.DEFAULT, null, Set.of())) {
            assertThat(stage.ask(request("POST", "/change", "{}", CLOSE, JSON, bearer(""))))
                    .startsWith("HTTP/1.1 403")
                    .contains("admin.token_file");
            assertThat(stage.ask(get("/read", CLOSE))).startsWith("HTTP/1.1 200");
        }
    }

    /** A web proxy on this machine passes on what comes from elsewhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {"X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.7", "Via: 1.1 proxy", "X-Real-IP: ::1"})
    void readingBehindAProxyNeedsTheToken(String header) throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(get("/read", CLOSE, header))).startsWith("HTTP/1.1 401");
            assertThat(stage.ask(get("/", CLOSE, header))).startsWith("HTTP/1.1 200");
            assertThat(stage.ask(get("/read", CLOSE, header, bearer(TOKEN)))).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void readingFromElsewhereNeedsTheToken() throws Exception {
        HttpFigures figures = new HttpFigures();
        AccessPolicy policy = new AccessPolicy(new Token(TOKEN), Set.of(), figures, System::nanoTime);
        InetAddress elsewhere = InetAddress.getByName("192.0.2.7");
        InetAddress mapped = InetAddress.getByName("::1");
        DefaultHttpHeaders none = new DefaultHttpHeaders();
        Assertions.assertThatThrownBy(() -> policy.checkAccess(Access.READ, elsewhere, none))
                .isInstanceOf(ProblemException.class);
        Assertions.assertThatThrownBy(() -> policy.checkAccess(Access.READ, null, none))
                .isInstanceOf(ProblemException.class);
        assertThat(policy.checkAccess(Access.OPEN, elsewhere, none)).isFalse();
        assertThat(policy.checkAccess(Access.READ, mapped, none)).isTrue();
        DefaultHttpHeaders right = new DefaultHttpHeaders();
        right.set("Authorization", "bearer " + TOKEN);
        assertThat(policy.checkAccess(Access.CHANGE, elsewhere, right)).isTrue();
    }

    /** A name of an attacker's may point here, and a browser would send it as Host. */
    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST:42002, 200",
        "127.0.0.1:42002, 200",
        "192.0.2.7, 200",
        "[::1]:42002, 200",
        "admin.example.org, 200",
        "Admin.Example.org:8443, 200",
        "evil.example.org, 421",
        "localhost.evil.example.org, 421",
        "'', 421",
        "127.0.0.1.evil.example.org, 421",
        "0x7f.1, 421",
        "[::1, 421",
        "::1, 421",
        "localhost:80:80, 421",
        "user@localhost, 421",
    })
    void theHostIsAnAddressOrAKnownName(String host, int status) throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(get("/read", CLOSE, "Host: " + host, bearer(TOKEN))))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void theHostIsGivenOnce() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask("GET /read HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
            assertThat(stage.ask(get("/read", "Host: localhost", "Host: localhost")))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:42002, 200",
        "https://localhost:42002, 200",
        "http://localhost, 403",
        "http://localhost:42003, 403",
        "http://evil.example.org, 403",
        "null, 403",
        "'', 403",
    })
    void anOriginIsTheServersOwn(String origin, int status) throws Exception {
        try (HttpStage stage = new HttpStage()) {
            String host = "Host: localhost:42002";
            assertThat(stage.ask(
                            request("POST", "/change", "{}", CLOSE, JSON, bearer(TOKEN), host, "Origin: " + origin)))
                    .startsWith("HTTP/1.1 " + status);
            assertThat(stage.changes).hasValue(status == 200 ? 1 : 0);
        }
    }

    /** A link to the dashboard works; an image on somebody's page that is really a stream does not. */
    @Test
    void pagesOfOtherSitesMayOnlyLinkHere() throws Exception {
        try (HttpStage stage = new HttpStage()) {
            String elsewhere = "Sec-Fetch-Site: cross-site";
            assertThat(stage.ask(get("/read", CLOSE, elsewhere, "Sec-Fetch-Mode: no-cors")))
                    .startsWith("HTTP/1.1 403");
            assertThat(stage.ask(get("/read", CLOSE, elsewhere, "Sec-Fetch-Mode: navigate")))
                    .startsWith("HTTP/1.1 200");
            assertThat(stage.ask(get("/read", CLOSE, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors")))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain | {} | 415",
                "application/json | { | 400",
                "application/json | [] | 400",
                "application/json | {} {} | 400",
                "application/json | {a:1} | 400",
                "application/json | 'x' | 400",
                "application/json;charset=utf-8 | {} | 200",
                "Application/JSON | {} | 200",
            })
    void aBodyIsAJsonObject(String type, String body, int status) throws Exception {
        try (HttpStage stage = new HttpStage()) {
            assertThat(stage.ask(request("POST", "/change", body, CLOSE, bearer(TOKEN), "Content-Type: " + type)))
                    .startsWith("HTTP/1.1 " + status);
        }
    }
}
