package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Unix sockets as Netty has them: the JDK's with nio, and Netty's own with the native transports. */
public final class UnixSockets {
    private UnixSockets() {}

    /** True if this is a connection of a Unix socket. */
    public static boolean isUnix(Channel channel) {
        return channel instanceof DomainSocketChannel || channel instanceof NioDomainSocketChannel;
    }

    /** The address of a path in the form that the channels of this loop take. */
    public static SocketAddress address(EventLoop loop, String path) {
        boolean isNio = loop instanceof IoEventLoop io && io.isIoType(NioIoHandler.class);
        return isNio ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path);
    }
}
