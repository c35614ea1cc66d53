package net.voltlane.server;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.link.IoUringAccept;

/**
 * The kind of sockets that the server opens, and the loop that drives them: epoll, nio or io_uring, as
 * {@code listener.transport} chooses.
 *
 * @param unix the channels of Unix sockets
 * @param clientReadBytes size of one read of a client that sends much
 */
record SocketKind(
        String name,
        IoHandlerFactory handlers,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends SocketChannel> clientChannel,
        Class<? extends DatagramChannel> datagramChannel,
        Unix unix,
        int clientReadBytes) {
    /** The channels of Unix sockets: those that listen, and those that connect. */
    record Unix(Class<? extends ServerChannel> serverChannel, Class<? extends DuplexChannel> clientChannel) {}

    /** Size of the buffer that serves all reads of a loop, one after the other. */
    private static final int SHARED_READ_BYTES = 64 * 1024;
    /** With io_uring each read under way holds a buffer of its own. */
    private static final int OWN_READ_BYTES = 4 * 1024;

    /** The means to listen on an address: that of a Unix socket, or of IP. */
    ListeningSocket listening(SocketAddress on) {
        if (on instanceof InetSocketAddress inet) {
            return new ListeningSocket(listening(inet.getAddress()), on);
        }
        return new ListeningSocket(
                new ReflectiveChannelFactory<>(unix.serverChannel()), unixAddress((UnixDomainSocketAddress) on));
    }

    /** The class of the channels that connect to this address. */
    Class<? extends DuplexChannel> connecting(Address to) {
        return to.isUnix() ? unix.clientChannel() : clientChannel;
    }

    /** The address of a Unix socket in the form that the channels take. */
    private SocketAddress unixAddress(UnixDomainSocketAddress address) {
        return serverChannel == NioServerSocketChannel.class
                ? address
                : new DomainSocketAddress(address.getPath().toString());
    }

    /**
     * A factory of listening channels for exactly the address that is configured: {@code 0.0.0.0} is all of IPv4, and
     * {@code ::} is both families. By default a socket is of IPv6 if the machine has it, and {@code 0.0.0.0} then means
     * both.
     */
    private ChannelFactory<? extends ServerChannel> listening(InetAddress on) {
        if (!(on instanceof Inet4Address) || !on.isAnyLocalAddress()) {
            return new ReflectiveChannelFactory<>(serverChannel);
        } else if (serverChannel == NioServerSocketChannel.class) {
            return () -> new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET);
        } else if (serverChannel == EpollServerSocketChannel.class) {
            return () -> new EpollServerSocketChannel(SocketProtocolFamily.INET);
        }
        return () -> {
            IoUringServerSocketChannel channel = new IoUringServerSocketChannel();
            channel.pipeline().addFirst("version-4-only", new Version4Only());
            return channel;
        };
    }

    /** @throws StartException if this machine does not have the kind that is configured */
    static SocketKind of(TransportKind kind) {
        return switch (kind) {
            case AUTO -> Epoll.isAvailable() ? epoll() : nio();
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw unavailable("epoll", Epoll.unavailabilityCause());
                }
                yield epoll();
            }
            case NIO -> nio();
            case IO_URING -> {
                if (!IoUringAccept.isAvailable()) {
                    throw unavailable("io_uring", IoUring.unavailabilityCause());
                }
                yield ioUring();
            }
        };
    }

    private static SocketKind epoll() {
        return new SocketKind(
                "epoll",
                EpollIoHandler.newFactory(),
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                EpollDatagramChannel.class,
                new Unix(EpollServerDomainSocketChannel.class, EpollDomainSocketChannel.class),
                SHARED_READ_BYTES);
    }

    private static SocketKind nio() {
        return new SocketKind(
                "nio",
                NioIoHandler.newFactory(),
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                NioDatagramChannel.class,
                new Unix(NioServerDomainSocketChannel.class, NioDomainSocketChannel.class),
                SHARED_READ_BYTES);
    }

    private static SocketKind ioUring() {
        return new SocketKind(
                "io_uring",
                IoUringIoHandler.newFactory(),
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class,
                IoUringDatagramChannel.class,
                new Unix(IoUringServerDomainSocketChannel.class, IoUringDomainSocketChannel.class),
                OWN_READ_BYTES);
    }

    private static StartException unavailable(String name, Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new StartException("listener.transport: " + name + " does not work here (" + root.getMessage()
                + "); use \"auto\" or \"nio\"");
    }
}
