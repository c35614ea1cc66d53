package net.voltlane.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TlsWireTest {

    private static final String LAST = "what the server still has to say";

    /** The engine has its end to send meanwhile, which TLS 1.2 shows as it shows a new handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatComesWhileThisEndClosesIsRead(String version) throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (SSLServerSocket listener = (SSLServerSocket) Gateway.context(Gateway.AUTHORITY.server("127.0.0.1"))
                .getServerSocketFactory()
                .createServerSocket(0, 50, loopback)) {
            listener.setEnabledProtocols(new String[] {version});
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> speak(listener));
            int port = listener.getLocalPort();
            try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(loopback, port))) {
                TlsWire wire = TlsWire.open(
                        Gateway.trust().engine(ServerAddress.parse("tls://127.0.0.1:" + port)),
                        new SocketWire(SocketInput.tcp(channel), channel));
                wire.closeEngine();
                byte[] into = new byte[LAST.length()];
                int count = 0;
                while (count < into.length) {
                    int more = wire.read(into, count, into.length - count);
                    assertThat(more).as("the end after %d bytes", count).isPositive();
                    count += more;
                }
                assertThat(new String(into, US_ASCII)).isEqualTo(LAST);
                wire.shutdownOutput();
                assertThat(wire.read(into, 0, 1)).isEqualTo(-1);
                server.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static void speak(SSLServerSocket listener) {
        try (SSLSocket link = (SSLSocket) listener.accept()) {
            link.getOutputStream().write(LAST.getBytes(US_ASCII));
            assertThat(link.getInputStream().read()).isEqualTo(-1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
