package net.voltlane.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.voltlane.tcp.KernelSockets.Snapshot;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class KernelSocketsTest {
    private static final String LINE =
            "  1: 0100007F:0001 0100007F:0002 01 00000019:00000000 01:00000014 00000002     0"
                    + "        0 5011 2 0000000000000000 22 4 30 10 -1\n";

    private static final Duration LIMIT = Duration.ofSeconds(25);

    private final ManualClock clock = new ManualClock();

    @Test
    void oneReadingServesAllWhoAskWithinHalfASecond(@TempDir Path folder) throws Exception {
        KernelSockets sockets = new KernelSockets(folder, clock);
        Files.write(folder.resolve("tcp"), LINE.getBytes(US_ASCII));
        Snapshot first = sockets.snapshot();
        assertThat(first.unacknowledged()).hasSize(1);
        Files.write(folder.resolve("tcp"), new byte[0]);
        clock.advance(Duration.ofMillis(499));
        assertThat(sockets.snapshot()).isSameAs(first);
        clock.advance(Duration.ofMillis(1));
        assertThat(sockets.snapshot().unacknowledged()).isEmpty();
    }

    @Test
    void aSlowReadingIsNotRepeatedSoon(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("tcp"), LINE.getBytes(US_ASCII));
        int[] calls = {0};
        // each call of the clock is 100 ms later, except the first one of a snapshot
        KernelSockets sockets = new KernelSockets(folder, () -> {
            if (++calls[0] == 2) {
                clock.advance(Duration.ofMillis(100));
            }
            return clock.getAsLong();
        });
        Snapshot first = sockets.snapshot();
        clock.advance(Duration.ofMillis(4_800));
        assertThat(sockets.snapshot()).isSameAs(first);
        clock.advance(Duration.ofMillis(100));
        assertThat(sockets.snapshot()).isNotSameAs(first);
    }

    @Test
    void oneThatSeemedSlowByChanceIsForgottenAfterTenSeconds(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("tcp"), LINE.getBytes(US_ASCII));
        int[] calls = {0};
        KernelSockets sockets = new KernelSockets(folder, () -> {
            if (++calls[0] == 2) {
                clock.advance(Duration.ofMinutes(1));
            }
            return clock.getAsLong();
        });
        Snapshot first = sockets.snapshot();
        Snapshot second = sockets.snapshot();
        assertThat(second).as("a minute later").isNotSameAs(first);
        clock.advance(Duration.ofMillis(500));
        assertThat(sockets.snapshot()).isNotSameAs(second);
    }

    @Test
    void whereTheSystemDoesNotTellNothingIsKnown(@TempDir Path folder) {
        assertThat(new KernelSockets(folder, clock).snapshot()).isNull();
    }

    @Test
    void aReadingThatFailsIsNoNewsForAMinute(@TempDir Path folder) throws Exception {
        KernelSockets sockets = new KernelSockets(folder, clock);
        Files.write(folder.resolve("tcp"), LINE.getBytes(US_ASCII));
        Snapshot first = sockets.snapshot();
        Files.delete(folder.resolve("tcp"));
        clock.advance(Duration.ofSeconds(59));
        assertThat(sockets.snapshot()).isNotNull().isSameAs(first);
        clock.advance(Duration.ofSeconds(1));
        assertThat(sockets.snapshot()).isNull();
    }

    /** The peer's process does nothing, but its kernel answers, so its window closes. */
    @Test
    void aRealPeerThatDoesNotReadIsThereUntilItReads() throws Exception {
        assumeTrue(KernelSockets.here() != null, "needs Linux's /proc/net/tcp");
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(8 * 1024);
            server.bind(Ports.loopback(0));
            try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                    Socket peer = server.accept()) {
                byte[] much = new byte[128 * 1024];
                socket.setSendBufferSize(2 * much.length);
                socket.getOutputStream().write(much);
                AddressPair ends =
                        AddressPair.of((InetSocketAddress) socket.getLocalSocketAddress(), (InetSocketAddress)
                                socket.getRemoteSocketAddress());
                await("a shut window").atMost(LIMIT).until(() -> {
                    Snapshot now = KernelSockets.here();
                    SocketState state =
                            now == null ? null : now.unacknowledged().get(ends);
                    return state != null && state.timer() == SocketState.Timer.PROBE && !state.isUnanswered();
                });
                assertThat(peer.getInputStream().readNBytes(much.length)).hasSize(much.length);
                await("all acknowledged").atMost(LIMIT).until(() -> {
                    Snapshot now = KernelSockets.here();
                    return now != null && !now.unacknowledged().containsKey(ends);
                });
            }
        }
    }
}
