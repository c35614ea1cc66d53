package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.config.Address;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ListeningPortTest implements ListeningPort.Outcome {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final int number = Ports.free();
    private final ListeningPort port = new ListeningPort(
            new Listeners.Settings("listener", new Address("127.0.0.1", number), TcpTransport.INSTANCE));
    private final List<String> outcomes = new ArrayList<>();

    /** Ends the loop, which closes its sockets for certain: those of the JDK stay open until the next select. */
    @AfterEach
    void endLoop() throws InterruptedException {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Override
    public void opened(SocketAddress local) {
        outcomes.add("opened " + ((InetSocketAddress) local).getPort());
    }

    @Override
    public void failed(String why) {
        outcomes.add(why);
    }

    private ChannelFuture bind(ListeningPort port) {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(port.address());
    }

    /** Runs a task on the loop, then waits until the loop has run the tasks that it led to. */
    private void onLoop(Runnable task) throws Exception {
        loop.submit(task).sync();
        for (int i = 0; i < 10; i++) {
            loop.submit(() -> {}).sync();
        }
    }

    @Test
    void untilItIsOpenNobodyCanConnectNorTakeThePort() throws Exception {
        InetSocketAddress address = (InetSocketAddress) port.address();
        assertThat(ServerProcess.accepts(address)).isFalse();
        onLoop(() -> port.open(this::bind, loop, this));
        assertThat(outcomes).containsExactly("opened " + number);
        assertThat(ServerProcess.accepts(address)).isTrue();
        onLoop(port::close);
        endLoop();
        assertThat(ServerProcess.accepts(address)).isFalse();
    }

    @Test
    void whoIsClosedWhileItOpensTellsNothingAndLeavesThePort() throws Exception {
        List<Channel> sockets = new ArrayList<>();
        onLoop(() -> {
            port.open(
                    opening -> {
                        ChannelFuture bind = bind(opening);
                        sockets.add(bind.channel());
                        return bind;
                    },
                    loop,
                    this);
            port.close();
        });
        assertThat(sockets.get(0).closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
        endLoop();
        assertThat(outcomes).isEmpty();
        try (ServerSocket next = new ServerSocket(number)) {
            assertThat(next.isBound()).isTrue();
        }
    }
}
