package net.voltlane.bench.load;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.Supplier;

/**
 * The way to the kernel: epoll where it works, else nio.
 *
 * @param name for people
 * @param handlers for an event loop group
 * @param newChannel a socket that is not connected yet
 * @param newUnixChannel a Unix socket that is not connected yet
 * @param serverChannel the type of a listening socket
 */
public record Transport(
        String name,
        IoHandlerFactory handlers,
        Supplier<SocketChannel> newChannel,
        Supplier<DuplexChannel> newUnixChannel,
        Class<? extends ServerChannel> serverChannel) {

    /** The best one that works here. */
    public static Transport best() {
        return Epoll.isAvailable()
                ? new Transport(
                        "epoll",
                        EpollIoHandler.newFactory(),
                        Transport::epollChannel,
                        EpollDomainSocketChannel::new,
                        EpollServerSocketChannel.class)
                : new Transport(
                        "nio",
                        NioIoHandler.newFactory(),
                        NioSocketChannel::new,
                        NioDomainSocketChannel::new,
                        NioServerSocketChannel.class);
    }

    /** Returns an address as this way to the kernel takes it. */
    SocketAddress address(SocketAddress of) {
        return of instanceof UnixDomainSocketAddress file && serverChannel == EpollServerSocketChannel.class
                ? new DomainSocketAddress(file.getPath().toString())
                : of;
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
