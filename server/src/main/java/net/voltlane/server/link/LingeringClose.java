package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * The end of a link on which something was sent: shuts the output, discards what comes until the peer's FIN, and resets
 * the connection when the deadline passes first. A plain close with input unread would make the kernel send a reset,
 * which destroys what was just sent. (RFC 1122, 4.2.2.13)
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter {
    /** How long a peer has for its FIN. */
    public static final long LIMIT_NANOS = 5_000_000_000L;

    private final Deadlines<Channel>.Entry deadline;

    private LingeringClose(Deadlines<Channel>.Entry deadline) {
        this.deadline = deadline;
    }

    /**
     * Takes over from the channel's handlers; what its outbound buffer still holds is dropped. On the channel's loop.
     *
     * @param deadlines of {@link #LIMIT_NANOS}; what is due is to be {@link #reset}
     */
    public static void begin(Channel channel, Deadlines<Channel> deadlines, long nowNanos) {
        while (channel.pipeline().first() != null) {
            channel.pipeline().removeFirst();
        }
        if (!channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        channel.pipeline().addLast("closing", new LingeringClose(deadlines.add(nowNanos, channel)));
        duplex.shutdownOutput();
        channel.config().setAutoRead(true);
    }

    /** Closes with a reset: nothing is sent any more, and the kernel keeps nothing. */
    public static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ReferenceCountUtil.release(msg);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Writes dropped by the shut output, or a reset by the peer, upon which the transport closes by itself.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // Netty announces the shut output here; nobody else is interested.
    }
}
