package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.net.ExtendedSocketOptions;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that ask this machine's kernel about real peers, on each transport. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class KernelPeerProbeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static List<SocketKinds> all() {
        return SocketKinds.here();
    }

    static List<SocketKinds> thatCanTell() {
        return SocketKinds.here().stream()
                .filter(transport -> !transport.name().equals("nio"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("thatCanTell")
    void aPeerThatHasEverythingOwesNothing(SocketKinds transport) throws Exception {
        try (Link link = Link.open(transport)) {
            link.send(100);
            link.expect(false, false);
        }
    }

    /** The peer's process does nothing; its kernel answers. */
    @ParameterizedTest
    @MethodSource("thatCanTell")
    void aPeerThatDoesNotReadOwesButHasAnsweredUntilItReads(SocketKinds transport) throws Exception {
        try (Link link = Link.open(transport)) {
            int bytes = 1024 * 1024;
            link.send(bytes);
            link.expect(true, false);
            assertThat(link.peer.getInputStream().readNBytes(bytes)).hasSize(bytes);
            link.expect(false, false);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void ofAClosedChannelNobodyCanTell(SocketKinds transport) throws Exception {
        try (Link link = Link.open(transport)) {
            link.channel.close().sync();
            assertThat(link.onLoop(() -> link.probe.ask(link.channel))).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void keepaliveIsSetWhereverTheTransportLetsOne(SocketKinds transport) throws Exception {
        try (Link link = Link.open(transport)) {
            link.onLoop(() -> {
                new Keepalive(60, 10, 3).apply(link.channel);
                Keepalive.of(0).apply(link.channel); // changes nothing
                return null;
            });
            List<ChannelOption<Integer>> options = switch (transport.name()) {
                case "epoll" ->
                    List.of(
                            EpollChannelOption.TCP_KEEPIDLE,
                            EpollChannelOption.TCP_KEEPINTVL,
                            EpollChannelOption.TCP_KEEPCNT);
                case "io_uring" ->
                    List.of(
                            IoUringChannelOption.TCP_KEEPIDLE,
                            IoUringChannelOption.TCP_KEEPINTVL,
                            IoUringChannelOption.TCP_KEEPCNT);
                default ->
                    List.of(
                            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT));
            };
            assertThat(options)
                    .extracting(option -> link.channel.config().getOption(option))
                    .containsExactly(60, 10, 3);
        }
    }

    /** The kernel's knowledge of a peer that reads only when told to. */
    private static final class Link implements AutoCloseable {
        private final AcceptedSocket socket;
        final KernelPeerProbe probe = new KernelPeerProbe();
        final Socket peer;
        final Channel channel;

        private Link(AcceptedSocket socket) {
            this.socket = socket;
            peer = socket.peer;
            channel = socket.channel;
        }

        static Link open(SocketKinds transport) throws Exception {
            return new Link(AcceptedSocket.open(transport));
        }

        void send(int bytes) {
            channel.writeAndFlush(channel.alloc().directBuffer(bytes).writeZero(bytes));
        }

        void expect(boolean owing, boolean unanswered) {
            await("owing " + owing + ", unanswered " + unanswered)
                    .atMost(LIMIT)
                    .until(() -> socket.onLoop(() -> {
                        assertThat(probe.ask(channel)).isTrue();
                        assertThat(probe.answeredNanosAgo()).isNotNegative();
                        return probe.isOwing() == owing && probe.isUnanswered() == unanswered;
                    }));
        }

        <T> T onLoop(Callable<T> what) throws Exception {
            return socket.onLoop(what);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
