package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests of limits that are over before a read begins. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
final class SocketInputTest {

    private static final byte[] INTO = new byte[10];

    @Test
    void aLimitThatIsOverIsATimeoutAlsoWhereNoReadWaits(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("sock"));
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(address);
            try (SocketChannel channel = SocketChannel.open(address)) {
                SocketInput in = SocketInput.unix(channel);
                PauseTolerantTimeout over = new PauseTolerantTimeout(0, System.nanoTime());
                assertThatThrownBy(() -> in.read(INTO, 0, INTO.length, over))
                        .isInstanceOf(SocketTimeoutException.class);
                assertThatThrownBy(() -> in.read(INTO, 0, INTO.length, over))
                        .as("the read after the one at whose end the time was up")
                        .isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    /** A program that closes its client is told so, whatever time is left. */
    @Test
    void aSocketThatWasClosedIsNoTimeout(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("sock"));
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(address);
            SocketChannel channel = SocketChannel.open(address);
            channel.close();
            PauseTolerantTimeout hour = new PauseTolerantTimeout(3_600_000_000_000L, System.nanoTime());
            assertThatThrownBy(() -> SocketInput.unix(channel).read(INTO, 0, INTO.length, hour))
                    .isInstanceOf(ClosedChannelException.class);
        }
    }
}
