package net.voltlane.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@SuppressWarnings("try") // a test closes it in the middle
class UnixBridgeTest {
    @TempDir
    Path folder;

    @Test
    void bytesAndEndsGoBothWays() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("it.sock"));
        try (ServerSocketChannel target =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
                UnixBridge bridge = UnixBridge.toUnix(address.getPath());
                SocketChannel near = SocketChannel.open(bridge.address());
                SocketChannel far = target.accept()) {
            near.write(ByteBuffer.wrap(new byte[3]));
            near.shutdownOutput();
            assertThat(receive(far)).isEqualTo(3);
            far.write(ByteBuffer.wrap(new byte[5]));
            far.shutdownOutput();
            assertThat(receive(near)).isEqualTo(5);
        }
    }

    /** The backlog of the target is full, so the bridge waits in connect while it is closed. */
    @Test
    void aConnectionThatIsMadeWhileTheBridgeClosesIsClosedAsWell() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("it.sock"));
        try (ServerSocketChannel target =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address, 1);
                SocketChannel first = SocketChannel.open(address);
                SocketChannel second = SocketChannel.open(address);
                UnixBridge bridge = UnixBridge.toUnix(address.getPath());
                SocketChannel near = SocketChannel.open(bridge.address())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            await().until(UnixBridgeTest::isConnecting);

            bridge.close();

            try (SocketChannel ofFirst = target.accept();
                    SocketChannel ofSecond = target.accept();
                    SocketChannel far = target.accept()) {
                assertThat(receive(far)).isZero();
                assertThat(receive(near)).isZero();
                assertThat(ofFirst.isOpen() && ofSecond.isOpen()).isTrue();
            }
        }
    }

    private static boolean isConnecting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("unix-bridge-accept"))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getMethodName().equals("connect"));
    }

    /** Reads to the end, and returns the number of bytes. */
    private static int receive(SocketChannel channel) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(10);
        while (channel.read(bytes) >= 0) {
            assertThat(bytes.hasRemaining()).isTrue();
        }
        return bytes.position();
    }
}
