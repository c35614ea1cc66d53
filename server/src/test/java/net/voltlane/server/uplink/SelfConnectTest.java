package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.link.SocketKinds;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.Ports;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A dial of a loopback port where nobody listens, whose socket happens to have that very port: TCP connects it to
 * itself. Here the port is given to it; otherwise it is one of some ten thousand.
 */
@Timeout(30)
final class SelfConnectTest {
    static List<SocketKinds> transports() {
        return SocketKinds.here();
    }

    private static Class<? extends Channel> channel(SocketKinds transport) {
        return switch (transport.name()) {
            case "epoll" -> EpollSocketChannel.class;
            case "io_uring" -> IoUringSocketChannel.class;
            default -> NioSocketChannel.class;
        };
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aConnectionToItselfIsNoMasterAndLeavesThePortFree(SocketKinds transport) throws Exception {
        IoHandlerFactory handlers = transport.handlers();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, handlers);
        try {
            int port = Ports.free();
            InetAddress loopback = InetAddress.getLoopbackAddress();
            Bootstrap bootstrap = new Bootstrap()
                    .group(group.next())
                    .channel(channel(transport))
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .localAddress(loopback, port)
                    .handler(new ChannelInboundHandlerAdapter());
            Metrics metrics = new Metrics();
            CompletableFuture<String> outcome = new CompletableFuture<>();
            Dial dial = new Dial(
                    group.next(),
                    bootstrap,
                    List.of(new InetSocketAddress(loopback, port)),
                    metrics.newCounters(),
                    new Dial.Outcome() {
                        @Override
                        public void reached(SocketAddress address, Channel channel) {
                            outcome.complete("reached");
                        }

                        @Override
                        public void failed(String why) {
                            outcome.complete(why);
                        }
                    });
            group.next().execute(dial::start);
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(Dial.REACHED_ITSELF);
            assertThat(metrics.sum(Metric.MASTER_DIALS_REACHED_THEMSELVES)).isEqualTo(1);
            await().untilAsserted(() -> assertListens(loopback, port)); // a transport may close a tick later
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** A backend that starts now gets the port, which an ordinary close would hold for a minute. */
    private static void assertListens(InetAddress address, int port) throws IOException {
        try (ServerSocket backend = new ServerSocket()) {
            backend.setReuseAddress(false);
            backend.bind(new InetSocketAddress(address, port));
            assertThat(backend.isBound()).isTrue();
        }
    }
}
