package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What this machine's kernel knows of real peers, by each transport. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class KernelPeerProbeTest {
    private static final int BUFFER_BYTES = 4 * 1024;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static List<Transports> all() {
        return Transports.here();
    }

    static List<Transports> thatCanTell() {
        return Transports.here().stream()
                .filter(transport -> !transport.name().equals("nio"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("thatCanTell")
    void aPeerThatHasEverythingOwesNothing(Transports transport) throws Exception {
        try (Link link = Link.open(transport)) {
            link.send(100);
            link.expect(false, false);
        }
    }

    /** The peer's process does nothing; its kernel answers. */
    @ParameterizedTest
    @MethodSource("thatCanTell")
    void aPeerThatDoesNotReadOwesButHasAnsweredUntilItReads(Transports transport) throws Exception {
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
    void ofAClosedChannelNobodyCanTell(Transports transport) throws Exception {
        try (Link link = Link.open(transport)) {
            link.channel.close().sync();
            assertThat(link.onLoop(() -> link.probe.ask(link.channel))).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void keepaliveIsSetWhereverTheTransportLetsOne(Transports transport) throws Exception {
        try (Link link = Link.open(transport)) {
            link.onLoop(() -> {
                new Keepalive(60, 10, 3).apply(link.channel);
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

    /** A peer that reads only when told to, and the channel to it. */
    private static final class Link implements AutoCloseable {
        final KernelPeerProbe probe = new KernelPeerProbe();
        final EventLoopGroup group;
        final Channel listener;
        final Socket peer;
        final Channel channel;

        private Link(EventLoopGroup group, Channel listener, Socket peer, Channel channel) {
            this.group = group;
            this.listener = listener;
            this.peer = peer;
            this.channel = channel;
        }

        static Link open(Transports transport) throws Exception {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.handlers());
            CompletableFuture<Channel> accepted = new CompletableFuture<>();
            Channel listener = new ServerBootstrap()
                    .group(group)
                    .channel(transport.serverChannel())
                    .childOption(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new IgnoringErrors());
                            accepted.complete(channel);
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            Socket peer = new Socket();
            peer.setReceiveBufferSize(BUFFER_BYTES);
            peer.setSoTimeout(10_000);
            peer.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.localAddress()).getPort()));
            return new Link(group, listener, peer, accepted.get(10, TimeUnit.SECONDS));
        }

        void send(int bytes) {
            channel.writeAndFlush(channel.alloc().directBuffer(bytes).writeZero(bytes));
        }

        void expect(boolean owing, boolean unanswered) {
            await("owing " + owing + ", unanswered " + unanswered)
                    .atMost(LIMIT)
                    .until(() -> onLoop(() -> {
                        assertThat(probe.ask(channel)).isTrue();
                        assertThat(probe.answeredNanosAgo()).isNotNegative();
                        return probe.isOwing() == owing && probe.isUnanswered() == unanswered;
                    }));
        }

        <T> T onLoop(Callable<T> what) throws Exception {
            return channel.eventLoop().submit(what).get(10, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            peer.close();
            channel.close().syncUninterruptibly();
            listener.close().syncUninterruptibly();
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
