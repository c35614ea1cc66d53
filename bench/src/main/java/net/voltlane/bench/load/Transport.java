package net.voltlane.bench.load;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.function.Supplier;

/**
 * The way to the kernel: epoll where it works, else nio.
 *
 * @param name for people
 * @param handlers for an event loop group
 * @param newChannel a socket that is not connected yet
 * @param serverChannel the type of a listening socket
 */
public record Transport(
        String name,
        IoHandlerFactory handlers,
        Supplier<SocketChannel> newChannel,
        Class<? extends ServerChannel> serverChannel) {

    /** The best one that works here. */
    public static Transport best() {
        return Epoll.isAvailable()
                ? new Transport(
                        "epoll", EpollIoHandler.newFactory(), Transport::epollChannel, EpollServerSocketChannel.class)
                : new Transport("nio", NioIoHandler.newFactory(), NioSocketChannel::new, NioServerSocketChannel.class);
    }

    /**
     * Makes a channel that gets its port at connect time only, when more ports are free, if it is bound to an address
     * of its own.
     */
    private static SocketChannel epollChannel() {
        EpollSocketChannel channel = new EpollSocketChannel();
        channel.config().setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        return channel;
    }
}
