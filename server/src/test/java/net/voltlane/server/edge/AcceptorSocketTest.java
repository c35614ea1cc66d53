package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.server.link.Logged;
import net.voltlane.server.link.SocketKinds;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real listening sockets of each kind accept as many connections as the acceptor asks for. */
final class AcceptorSocketTest {
    private static final int ROOM = 3;
    private static final int CLIENTS = 40;
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Metrics metrics = new Metrics();
    private final Counters counters = metrics.newCounters();
    private final OpenConnections open = new OpenConnections(counters, System::nanoTime);
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final Logged log = new Logged(Acceptor.class);
    private final Acceptor acceptor;

    AcceptorSocketTest() {
        open.bound(ROOM);
        acceptor = new Acceptor(open, counters, System::nanoTime);
    }

    static List<SocketKinds> transports() {
        return SocketKinds.here();
    }

    @AfterEach
    void close() {
        log.close();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void ofManyWhoComeAtOnceNoMoreAreAcceptedThanThereIsRoomForAndTheOthersWaitTheirTurn(SocketKinds transport)
            throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        List<Socket> clients = new ArrayList<>();
        try {
            Channel listener = listen(group, transport);
            CountDownLatch allAreThere = new CountDownLatch(1);
            group.next().execute(() -> await(allAreThere));
            InetAddress home = InetAddress.getLoopbackAddress();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Socket(home, ((InetSocketAddress) listener.localAddress()).getPort()));
            }
            allAreThere.countDown();
            for (Socket client : clients) {
                client.setSoTimeout(TIMEOUT_MILLIS);
                assertThat(client.getInputStream().read()).as("its turn").isEqualTo(1);
                client.close();
            }
            assertThat(mostOpen).hasValue(ROOM);
            assertThat(metrics.sum(Metric.ACCEPTS_DELAYED)).isPositive();
            assertThat(metrics.sum(Metric.ACCEPTS_FAILED)).isZero();
            Awaitility.await().atMost(Duration.ofMillis(TIMEOUT_MILLIS)).until(() -> open.count() == 0);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
        }
    }

    private Channel listen(MultiThreadIoEventLoopGroup group, SocketKinds transport) throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 2 * CLIENTS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, acceptor.reads)
                .handler(acceptor)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        mostOpen.accumulateAndGet(open.count(), Math::max);
                        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
