package net.voltlane.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSsl;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Result;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Target;
import net.voltlane.bench.model.Via;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedMaster;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Short runs over TLS and WebSockets, against the project's own server. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class TransportsTest {

    private final TestAuthority authority = TestAuthority.create("authority");
    private final Runs.Heard heard = new Runs.Heard();

    @TempDir
    Path folder;

    private Result run(Scenario scenario, Load load, Via.Kind kind, int protocol, TestAuthority trusted)
            throws Exception {
        return run(scenario, load, kind, protocol, trusted, false);
    }

    private Result run(
            Scenario scenario, Load load, Via.Kind kind, int protocol, TestAuthority trusted, boolean resumes)
            throws Exception {
        ScriptedMaster backend = ScriptedMaster.listen().timeout(Duration.ofSeconds(20));
        TestCertificate.Pair own = authority.server("client").write(folder, "client");
        Via secure = new Via(
                kind,
                "127.0.0.1",
                "127.0.0.1",
                "/",
                new Via.Files(trusted.write(folder, "trusted"), own.chain(), own.key()),
                resumes);
        Via via = kind == Via.Kind.UNIX ? Via.UNIX : secure;
        VoltlaneServer server = Runs.start("127.0.0.1", 0, backend.address(), config -> with(config, kind));
        try {
            backend.accept();
            backend.echo(true);
            server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
            SocketAddress address = kind == Via.Kind.UNIX
                    ? UnixDomainSocketAddress.of(folder.resolve("sock"))
                    : server.addresses().get(kind.isWebSocket() ? "websocket" : "tls");
            return Bench.run(
                    Runs.plan(scenario, load, 150, new Target(address, via, null, 0), protocol), Runs.NONE, heard);
        } finally {
            Runs.stop(server);
            backend.close();
        }
    }

    private ServerConfig with(ServerConfig config, Via.Kind kind) {
        Address address = new Address("127.0.0.1", 0);
        TestCertificate.Pair files = authority.server("127.0.0.1").write(folder, "server");
        ServerConfig secure = config.withTls(config.tls()
                .withCertificate(files.chain().toString())
                .withKey(files.key().toString())
                .withClientCa(authority.write(folder, "clients").toString()));
        return switch (kind) {
            case TCP -> config;
            case UNIX ->
                config.withListener(config.listener()
                        .withAddress(new Address(folder.resolve("sock").toString(), 0)));
            case TLS -> secure.withTls(secure.tls().withAddress(address));
            case WS -> config.withWebSocket(config.webSocket().withAddress(address));
            case WSS ->
                secure.withWebSocket(config.webSocket().withAddress(address).withTls(true));
        };
    }

    @ParameterizedTest
    @CsvSource({
        "TLS, 2, 64",
        "TLS, 3, 20000",
        "WS, 2, 64",
        "WS, 3, 200",
        "WS, 2, 70000",
        "WSS, 3, 64",
        "WSS, 2, 200",
        "UNIX, 2, 64",
        "UNIX, 3, 20000"
    })
    void echoesComeBackRight(Via.Kind kind, int protocol, int size) throws Exception {
        Result result = run(Scenario.ECHO, new Load(5, size, 4, 0, 64, 0, 1), kind, protocol, authority);
        assertThat(result.isFine()).as(result.faults().first()).isTrue();
        assertThat(result.figures().stream()
                        .filter(figure -> figure.name().endsWith("count"))
                        .mapToDouble(Figure::value)
                        .sum())
                .isPositive();
        String transport = kind == Via.Kind.UNIX ? ", Unix socket" : kind.isWebSocket() ? ", WebSocket" : ", TLS by ";
        assertThat(result.surroundings().transport()).contains(transport);
        assertThat(result.surroundings().server())
                .startsWith(kind == Via.Kind.UNIX ? "unix:" + folder : kind.word() + "://127.0.0.1:");
    }

    @ParameterizedTest
    @CsvSource({"TLS, CONNECT_STORM", "TLS, RESUME_STORM", "WS, RESUME_STORM", "WSS, RESUME_STORM", "UNIX, RESUME_STORM"
    })
    void stormsLoseNothing(Via.Kind kind, Scenario scenario) throws Exception {
        Result result = run(scenario, new Load(20, 64, 1, 0, 8, 2, 1), kind, 3, authority);
        assertThat(result.isFine()).as(result.faults().first()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"TLS, TLS_STORM, false", "TLS, CONNECT_STORM, false", "TLS, CONNECT_STORM, true"})
    void handshakesOfTlsAreFullOrResumedAsIsAsked(Via.Kind kind, Scenario scenario, boolean resumes) throws Exception {
        int clients = 6;
        int rounds = 3;
        Result result = run(scenario, new Load(clients, 64, 1, 0, 2, rounds, 1), kind, 2, authority, resumes);
        assertThat(result.isFine()).as(result.faults().first()).isTrue();
        assertThat(figure(result, "count")).isEqualTo(clients * rounds);
        if (OpenSsl.isAvailable()) {
            assertThat(figure(result, "tls_resumed")).isEqualTo(resumes ? clients * rounds : 0);
        }
    }

    private static double figure(Result result, String name) {
        return result.figures().stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void aServerThatIsNotTrustedIsSaidInOneLine() {
        TestAuthority other = TestAuthority.create("other");
        assertThatThrownBy(() -> run(Scenario.ECHO, Load.defaults(Scenario.ECHO), Via.Kind.TLS, 2, other))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("clients failed to open their sessions")
                .hasMessageContaining("can't connect");
    }
}
