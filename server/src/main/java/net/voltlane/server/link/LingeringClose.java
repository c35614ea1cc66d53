package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * The last handler of a link on which something was sent. The transport says its farewell, the output is shut, and
 * input is discarded until the peer's FIN; the connection is reset if the deadline passes first. A plain close with
 * input unread would make the kernel send a reset, which destroys what was just sent (RFC 1122, 4.2.2.13). Belongs to
 * the channel's loop.
 *
 * <pre>
 *   nothing waits for the socket ──► farewell ──taken, or failed──┐
 *                                                                 ├──► output shut ──FIN──► closed
 *   something waits, or the transport has no farewell ────────────┘        └──deadline──► reset
 * </pre>
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter {
    /** The time that a peer has for its FIN. */
    public static final long LIMIT_NANOS = 5_000_000_000L;

    private final Deadlines<Channel>.Entry deadline;

    private LingeringClose(Deadlines<Channel>.Entry deadline) {
        this.deadline = deadline;
    }

    /**
     * Takes the place of the link's handlers; the transport's codec stays. The socket takes no more of the data that
     * was written before. Data that the outbound buffer still holds is dropped; then the farewell is left out too,
     * since it must not follow a gap.
     *
     * @param deadlines of {@link #LIMIT_NANOS}; what is due is to be {@link #reset}
     */
    public static void begin(Channel channel, Transport transport, Deadlines<Channel> deadlines, long nowNanos) {
        assert channel.eventLoop().inEventLoop() : "belongs to the channel's loop";
        removeHandlersBut(transport.codecNames(), channel.pipeline());
        if (!channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        channel.pipeline().addLast("closing", new LingeringClose(deadlines.add(nowNanos, channel)));
        ChannelFuture farewell = hasNothingToWrite(channel) ? transport.farewell(channel) : null;
        if (farewell == null) {
            duplex.shutdownOutput();
        } else {
            farewell.addListener(f -> duplex.shutdownOutput());
        }
        channel.config().setAutoRead(true);
    }

    private static void removeHandlersBut(List<String> kept, ChannelPipeline pipeline) {
        if (kept.isEmpty()) {
            while (pipeline.first() != null) {
                pipeline.removeFirst();
            }
            return;
        }
        for (String name : pipeline.names()) {
            if (!kept.contains(name) && pipeline.context(name) != null) {
                pipeline.remove(name);
            }
        }
    }

    /** True when the socket has taken everything that was flushed, also while the last write's listeners are called. */
    private static boolean hasNothingToWrite(Channel channel) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound != null && outbound.isEmpty();
    }

    /**
     * Closes with a reset, below any codec: nothing more is sent, not even a farewell, and the kernel keeps nothing. On
     * the channel's loop.
     */
    public static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ChannelHandlerContext outermost = channel.pipeline().firstContext();
        if (outermost == null) {
            channel.close();
        } else {
            outermost.close();
        }
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
