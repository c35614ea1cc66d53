package net.voltlane.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LinkMonitorTest {

    @Test
    void aLookThatFailsClosesTheLink() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            Link link = Link.unconnected(
                    List.of(new InetSocketAddress(loopback, server.getLocalPort())), SECONDS.toNanos(10));
            link.connect(SECONDS.toNanos(20));
            try (Socket peer = server.accept()) {
                CompletableFuture<Link> cut = new CompletableFuture<>();
                link.monitorWith(
                        new LinkMonitor(link, Duration.ofMillis(20).toNanos(), cut::complete, () -> {
                            throw new OutOfMemoryError("the test's");
                        }),
                        () -> {});
                link.write(ByteBuffer.allocate(1));
                assertThat(cut.get(10, SECONDS)).isSameAs(link);
                assertThat(link.isOpen()).isFalse();
                assertThat(link.closeReason())
                        .isEqualTo("the client's look at its connection failed: java.lang.OutOfMemoryError: the"
                                + " test's");
                assertThat(peer.isClosed()).isFalse();
            } finally {
                link.close();
            }
        }
    }
}
