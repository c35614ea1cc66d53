package net.voltlane.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemWordsTest {

    @Test
    void theNumberAndCallOfNativeTransportsAreLeftOut() {
        assertThat(SystemWords.of(new ConnectException(
                        "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:42001")))
                .isEqualTo("connection refused");
        assertThat(SystemWords.of(
                        new ConnectException("io_uring connect(..) failed with error(-13): Permission denied")))
                .isEqualTo("permission denied");
        assertThat(SystemWords.of(new IOException("bind(..) failed with error(-98): Address already in use")))
                .isEqualTo("address already in use");
        assertThat(SystemWords.of(new IOException("recvAddress(..) failed: Connection reset by peer")))
                .isEqualTo("connection reset by peer");
    }

    @Test
    void messagesThatOnlyLookAlikeStay() {
        assertThat(SystemWords.of(new IOException("a (..) b: c"))).isEqualTo("a (..) b: c");
        assertThat(SystemWords.of(new IOException("Connection reset"))).isEqualTo("connection reset");
        assertThat(SystemWords.of(new IOException("EOF"))).isEqualTo("EOF");
    }

    @Test
    void theAddressThatNettyAppendsIsLeftOut() {
        assertThat(SystemWords.of(new ConnectException("Connection refused: /127.0.0.1:42001")))
                .isEqualTo("connection refused");
        assertThat(SystemWords.of(new SocketException("Network is unreachable: /[2001:db8:0:0:0:0:0:1]:42001")))
                .isEqualTo("network is unreachable");
        assertThat(SystemWords.of(new ConnectException("connection timed out after 5000 ms: host/10.0.0.1:42001")))
                .isEqualTo("connection timed out after 5000 ms");
    }

    @Test
    void anExceptionWithoutAMessageIsNamed() {
        assertThat(SystemWords.of(new NoRouteToHostException())).isEqualTo("no route to host");
        assertThat(SystemWords.of(new NoRouteToHostException("null: /10.1.1.1:42001")))
                .isEqualTo("no route to host");
        assertThat(SystemWords.of(new UnsupportedAddressTypeException())).isEqualTo("no IPv6 on this machine");
        assertThat(SystemWords.of(new UnresolvedAddressException())).isEqualTo("unknown host");
        assertThat(SystemWords.of(new UnknownHostException())).isEqualTo("unknown host");
        assertThat(SystemWords.of(new ClosedChannelException())).isEqualTo("connection closed");
        assertThat(SystemWords.of(new AlreadyConnectedException())).isEqualTo("already connected");
        assertThat(SystemWords.of(new IOException((String) null, new NoRouteToHostException())))
                .isEqualTo("no route to host");
        assertThat(SystemWords.of(new BindException())).isEqualTo("bind");
    }

    @Test
    void aFamilyThatIsMissingIsNamed() {
        assertThat(SystemWords.of(new SocketException("Protocol family unavailable")))
                .isEqualTo("no IPv6 on this machine");
        assertThat(SystemWords.of(new ConnectException(
                        "connect(..) failed with error(-97): Address family not supported by protocol: /[::1]:1")))
                .isEqualTo("no IPv6 on this machine");
    }

    @Test
    void aPathAloneIsReplacedByTheReason(@TempDir Path folder) throws IOException {
        assertThat(SystemWords.of(new NoSuchFileException("connserver.key"))).isEqualTo("no such file or folder");
        assertThat(SystemWords.of(new AccessDeniedException("connserver.key"))).isEqualTo("permission denied");
        assertThat(SystemWords.of(new FileSystemException("connserver.key", null, "No space left on device")))
                .isEqualTo("no space left on device");
        assertThat(SystemWords.of(new UncheckedIOException(new NoSuchFileException("x"))))
                .isEqualTo("no such file or folder");
        try {
            Files.readAllBytes(folder);
        } catch (IOException directory) {
            assertThat(SystemWords.of(directory)).isEqualTo("is a directory");
        }
    }

    @Test
    void theSystemsOwnMessagesAreRead() throws IOException {
        int port;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
            port = socket.getLocalPort();
            try (ServerSocket second = new ServerSocket(port, 1, loopback)) {
                throw new AssertionError(second + " has the port as well");
            } catch (BindException inUse) {
                assertThat(SystemWords.of(inUse)).isEqualTo("address already in use");
            }
        }
        try (Socket nobody = new Socket(loopback, port)) {
            throw new AssertionError(nobody + " was accepted");
        } catch (ConnectException refused) {
            assertThat(SystemWords.of(refused)).isEqualTo("connection refused");
        }
    }
}
