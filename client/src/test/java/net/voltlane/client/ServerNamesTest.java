package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the names that a server is asked for in TLS, as the server reads them. */
final class ServerNamesTest {

    private static List<String> asked(ClientTls tls, String address) throws Exception {
        SSLEngine client = tls.engine(ServerAddress.parse(address));
        SSLEngine server =
                Gateway.context(Gateway.AUTHORITY.server("a.example")).createSSLEngine();
        server.setUseClientMode(false);
        ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        assertThat(client.wrap(ByteBuffer.allocate(0), hello).getStatus()).isEqualTo(SSLEngineResult.Status.OK);
        server.unwrap(hello.flip(), ByteBuffer.allocate(server.getSession().getApplicationBufferSize()));
        while (server.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            server.getDelegatedTask().run();
        }
        return ((ExtendedSSLSession) server.getHandshakeSession())
                .getRequestedServerNames().stream()
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "game.example.org, game.example.org",
        "gateway, gateway",
        "localhost, localhost",
        "game.example.org., game.example.org",
        "bücher.example, xn--bcher-kva.example"
    })
    void aNameIsAskedFor(String name, String asked) throws Exception {
        assertThat(asked(Gateway.trust(), "tls://" + name + ":1")).containsExactly(asked);
        assertThat(asked(Gateway.trust().withServerName(name), "wss://127.0.0.1/"))
                .containsExactly(asked);
    }

    /** An address of IP is not allowed there (RFC 6066), and some servers break such a link. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "[fe80::1%eth0]"})
    void anAddressIsNotAskedFor(String address) throws Exception {
        assertThat(asked(Gateway.trust(), "tls://" + address + ":1")).isEmpty();
    }

    @Test
    void whatCanNotBeANameIsNotAskedFor() {
        assertThat(ServerNames.of("")).isEmpty();
        assertThat(ServerNames.of(".")).isEmpty();
        assertThat(ServerNames.of("chat_server")).isEmpty();
        assertThat(ServerNames.of("ü".repeat(64))).isEmpty();
    }
}
