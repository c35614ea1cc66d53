package net.voltlane.server.link;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** The kinds of sockets that work on this machine. */
public record SocketKinds(String name, IoHandlerFactory handlers, Class<? extends ServerChannel> serverChannel) {
    public static List<SocketKinds> here() {
        List<SocketKinds> all = new ArrayList<>();
        all.add(new SocketKinds("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class));
        if (Epoll.isAvailable()) {
            all.add(new SocketKinds("epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class));
        }
        if (IoUringAccept.isAvailable()) {
            all.add(new SocketKinds("io_uring", IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class));
        }
        return all;
    }

    @Override
    public String toString() {
        return name;
    }
}
