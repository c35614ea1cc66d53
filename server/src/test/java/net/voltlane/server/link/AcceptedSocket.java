package net.voltlane.server.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A channel of a real listener, with small buffers, and its peer, which reads only when a test reads. */
public final class AcceptedSocket implements AutoCloseable {
    private static final int SMALL_BUFFER_BYTES = 4 * 1024;

    private final EventLoopGroup group;
    private final Channel listener;
    public final Socket peer;
    public final Channel channel;

    private AcceptedSocket(EventLoopGroup group, Channel listener, Socket peer, Channel channel) {
        this.group = group;
        this.listener = listener;
        this.peer = peer;
        this.channel = channel;
    }

    public static AcceptedSocket open(SocketKinds transport) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.SO_SNDBUF, SMALL_BUFFER_BYTES)
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
        peer.setReceiveBufferSize(SMALL_BUFFER_BYTES);
        peer.setSoTimeout(10_000);
        peer.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.localAddress()).getPort()));
        return new AcceptedSocket(group, listener, peer, accepted.get(10, TimeUnit.SECONDS));
    }

    public <T> T onLoop(Callable<T> what) throws Exception {
        return channel.eventLoop().submit(what).get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        peer.close();
        channel.close().syncUninterruptibly();
        listener.close().syncUninterruptibly();
        channel.eventLoop().submit(() -> {}).syncUninterruptibly(); // the tasks of the closing
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
