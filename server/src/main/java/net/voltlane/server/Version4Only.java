package net.voltlane.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * A handler of a listening socket of both families that closes IPv6 connections before any other handler sees them. For
 * io_uring, whose listening sockets can't be of IPv4 alone.
 */
final class Version4Only extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        if (accepted instanceof Channel channel
                && channel.remoteAddress() instanceof InetSocketAddress from
                && from.getAddress() instanceof Inet6Address) {
            channel.unsafe().closeForcibly();
        } else {
            ctx.fireChannelRead(accepted);
        }
    }
}
