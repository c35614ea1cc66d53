package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.server.config.Address;
import net.voltlane.server.link.RecordTransport;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ListenersTest implements Listeners.Outcome {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final CompletableFuture<Map<String, SocketAddress>> opened = new CompletableFuture<>();
    private final CompletableFuture<String> failed = new CompletableFuture<>();
    private final AtomicInteger timesTold = new AtomicInteger();
    private int made;

    @AfterEach
    void endLoop() throws InterruptedException {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Override
    public void opened(Map<String, SocketAddress> local) {
        timesTold.incrementAndGet();
        opened.complete(local);
    }

    @Override
    public void failed(String why) {
        timesTold.incrementAndGet();
        failed.complete(why);
    }

    private Listeners.Settings on(int port) {
        String name = made++ == 0 ? "listener" : "listener" + made;
        return new Listeners.Settings(name, new Address("127.0.0.1", port), TcpTransport.INSTANCE);
    }

    private static Listeners.Settings records(Listeners.Settings plain) {
        return new Listeners.Settings(plain.name(), plain.address(), new RecordTransport());
    }

    private List<InetSocketAddress> opened() throws Exception {
        return opened.get(10, TimeUnit.SECONDS).values().stream()
                .map(InetSocketAddress.class::cast)
                .toList();
    }

    private ChannelFuture bind(ListeningPort port) {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(port.address());
    }

    /** Waits until the loop has run the tasks that lead to one another. */
    private void idle() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            loop.submit(() -> {}).sync();
        }
    }

    @Test
    void allAreOpenBeforeThatIsToldAndAllAreClosedTogether() throws Exception {
        int port = Ports.free();
        Listeners listeners = new Listeners(List.of(on(0), records(on(port)), on(0)));
        loop.submit(() -> listeners.open(this::bind, loop, this)).sync();
        List<InetSocketAddress> local = opened();
        assertThat(local).hasSize(3).doesNotContainNull().allMatch(ServerProcess::accepts);
        assertThat(local.get(1).getPort()).isEqualTo(port);
        idle();
        assertThat(timesTold).hasValue(1);
        assertThat(opened.join()).containsOnlyKeys("listener", "listener2", "listener3");
        assertThat(listeners.shown())
                .containsExactly(
                        "127.0.0.1:" + local.get(0).getPort(),
                        "records 127.0.0.1:" + port,
                        "127.0.0.1:" + local.get(2).getPort());
        loop.submit(listeners::close).sync();
        endLoop();
        assertThat(local).noneMatch(ServerProcess::accepts);
    }

    @Test
    void ifOnePortCantBeHadNoneIsReserved() throws IOException {
        int free = Ports.free();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new Listeners(List.of(on(free), on(other.getLocalPort()))))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("127.0.0.1:" + other.getLocalPort());
        }
        try (ServerSocket next = new ServerSocket()) {
            next.setReuseAddress(false); // else it would get a port that is reserved, but that nobody listens on
            next.bind(new InetSocketAddress("127.0.0.1", free));
            assertThat(next.isBound()).isTrue();
        }
    }

    @Test
    void theFirstThatCantListenIsTold() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Listeners listeners = new Listeners(List.of(on(0), on(0)));
            loop.submit(() -> listeners.open(port -> bindTo(other.getLocalPort()), loop, this))
                    .sync();
            assertThat(failed.get(10, TimeUnit.SECONDS))
                    .startsWith("listener.address: 127.0.0.1:0 (can't listen there: ");
            assertThat(opened).isNotDone();
            idle();
            assertThat(timesTold).as("the second is not told").hasValue(1);
            loop.submit(listeners::close).sync();
        }
    }

    @Test
    void whatFailsAfterAllWereClosedIsNotTold() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Listeners listeners = new Listeners(List.of(on(0)));
            loop.submit(() -> {
                        listeners.open(port -> bindTo(other.getLocalPort()), loop, this);
                        listeners.close();
                    })
                    .sync();
            idle();
            assertThat(timesTold).hasValue(0);
        }
    }

    /** The order in which they begin to listen is not that of the configuration. */
    @Test
    void theAddressesAreInTheOrderOfTheSettings() throws Exception {
        int[] ports = {Ports.free(), Ports.free()};
        Listeners listeners = new Listeners(List.of(on(ports[0]), on(ports[1])));
        List<ChannelPromise> binds = new ArrayList<>();
        loop.submit(() -> listeners.open(
                        port -> {
                            ChannelFuture bound = bind(port);
                            ChannelPromise told = bound.channel().newPromise();
                            bound.addListener(f -> binds.add(told));
                            return told;
                        },
                        loop,
                        this))
                .sync();
        idle();
        assertThat(binds).hasSize(2);
        loop.submit(() -> binds.get(1).setSuccess()).sync();
        idle();
        assertThat(opened).isNotDone();
        loop.submit(() -> binds.get(0).setSuccess()).sync();
        assertThat(opened()).extracting(InetSocketAddress::getPort).containsExactly(ports[0], ports[1]);
        loop.submit(listeners::close).sync();
    }

    private ChannelFuture bindTo(int taken) {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), taken));
    }
}
