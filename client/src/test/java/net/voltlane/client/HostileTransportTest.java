package net.voltlane.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with servers that misbehave before the protocol begins: in TLS, and in the opening of a WebSocket. */
@Timeout(60)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class HostileTransportTest {

    private static final Duration LIMIT = Duration.ofMillis(300);

    private static final byte[] UPGRADED =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n".getBytes(US_ASCII);
    /** The head of a record of a handshake, and the beginning of a ServerHello. */
    private static final byte[] RECORD = {22, 3, 3, 0x3F, 0, 2, 0, 0x3E, 0, 3, 3};

    private static Throwable connect(Scheme scheme, ScriptedServer.Script script, Duration limit) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(script)) {
            return connect(scheme, server.port(), limit);
        }
    }

    private static Throwable connect(Scheme scheme, int port, Duration limit) {
        String path = scheme.isWebSocket() ? "/path?x=1" : "";
        return catchThrowable(() -> VoltlaneClient.builder(scheme.text() + "://127.0.0.1:" + port + path)
                .tls(Gateway.trust())
                .protocol(Protocol.V3)
                .handshakeTimeout(limit)
                .connect());
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "WS", "WSS"})
    void aServerThatNeverAnswersIsGivenUp(Scheme scheme) throws Exception {
        assertThat(connect(scheme, Peer::stall, LIMIT)).isInstanceOf(HandshakeTimeoutException.class);
    }

    /** The limit holds for the whole opening, not for each byte. */
    @ParameterizedTest
    @EnumSource(names = {"TLS", "WS", "WSS"})
    void aServerThatDripsIsGivenUp(Scheme scheme) throws Exception {
        byte[] start = scheme.isSecure() ? RECORD : UPGRADED;
        assertThat(connect(
                        scheme,
                        peer -> {
                            peer.raw(start);
                            while (true) {
                                peer.raw(new byte[] {'a'});
                                LockSupport.parkNanos(2_000_000);
                            }
                        },
                        LIMIT))
                .isInstanceOf(HandshakeTimeoutException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 11})
    void aServerThatLeavesInItsHandshakeIsNamed(int bytes) throws Exception {
        assertThat(connect(
                        Scheme.TLS,
                        peer -> {
                            peer.some(20);
                            peer.raw(Arrays.copyOf(RECORD, bytes));
                            peer.finish();
                        },
                        Duration.ofSeconds(10)))
                .isInstanceOf(HungUpException.class)
                .hasMessage("the server broke the link instead of opening TLS (expected: a listener with it)");
    }

    /** Records with wrong kinds, versions, lengths and contents, and alerts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000000000000000", // no record
                "1603030000",
                "16030300021603",
                "1603034801", // longer than a record may be
                "17030300050102030405", // data before the handshake
                "160303000402000001", // half a ServerHello
                "16030300040E000000", // the end of the handshake at its beginning
                "15030300020228", // a fatal alert
                "15030300020100", // a close
                "180303000301FFFF", // a heartbeat
                "5353482D322E302D4F70656E535348"
            })
    void aServerThatSendsGarbageIsRefused(String hex) throws Exception {
        assertThat(connect(
                        Scheme.TLS,
                        peer -> {
                            peer.some(20);
                            peer.raw(net.voltlane.testkit.Bytes.hex(hex));
                            peer.finish();
                        },
                        Duration.ofSeconds(10)))
                .isInstanceOfAny(TlsException.class, HungUpException.class);
    }

    /** A certificate of 100 KB is more than a client takes. */
    @Test
    void aHugeCertificateIsRefused() throws Exception {
        String[] names = Stream.iterate(1, i -> i + 1)
                .limit(1_500)
                .map(i -> "a-name-that-takes-its-place-in-the-certificate-of-the-server-" + i)
                .toArray(String[]::new);
        TestCertificate certificate = Gateway.AUTHORITY.server(names);
        assertThat(certificate.chainPem().length()).isGreaterThan(100_000);
        try (ScriptedServer behind = ScriptedServer.of(Peer::stall);
                Gateway gateway = Gateway.to(behind.port(), Scheme.TLS, Gateway.context(certificate))) {
            assertThat(connect(Scheme.TLS, gateway.port(), Duration.ofSeconds(10)))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("exceeds the maximum");
        }
    }

    /** A server that sends as many pings as it can, and reads nothing. */
    @Test
    void pingsInAHandshakeDoNotHoldIt() throws Exception {
        byte[] ping = Gateway.frame(0x89, new byte[125], 0, 125);
        byte[] pings = new byte[ping.length * 400];
        for (int i = 0; i < pings.length; i++) {
            pings[i] = ping[i % ping.length];
        }
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread server = new Thread(() -> flood(listener, pings));
            server.start();
            assertThat(connect(Scheme.WS, listener.getLocalPort(), Duration.ofSeconds(10)))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageEndingWith("too many pings in a handshake");
            server.join();
        }
    }

    private static void flood(ServerSocket listener, byte[] pings) {
        try (Socket client = listener.accept()) {
            Gateway.upgrade(new DataInputStream(client.getInputStream()), client.getOutputStream());
            while (true) {
                client.getOutputStream().write(pings);
            }
        } catch (IOException e) {
            // The client has left.
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEndRightAfterTlsIsOneInTheHandshake(boolean inGoodOrder) throws Exception {
        TestCertificate certificate = Gateway.AUTHORITY.server("127.0.0.1");
        try (SSLServerSocket listener = (SSLServerSocket) Gateway.context(certificate)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread server = new Thread(() -> leave(listener, inGoodOrder));
            server.start();
            assertThat(connect(Scheme.TLS, listener.getLocalPort(), Duration.ofSeconds(10)))
                    .isInstanceOf(HungUpException.class);
            server.join();
        }
    }

    private static void leave(SSLServerSocket listener, boolean inGoodOrder) {
        try (Socket below = listener.accept()) {
            SSLSocket client = (SSLSocket) below;
            client.startHandshake();
            client.getInputStream().read(new byte[1]);
            if (inGoodOrder) {
                client.shutdownOutput();
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // The client has left.
        }
    }
}
