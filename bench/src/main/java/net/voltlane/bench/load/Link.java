package net.voltlane.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.util.Arrays;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.SystemWords;

/**
 * A TCP connection of a client: cuts the input into frames. It works on the loop's array, where looking at bytes is
 * cheapest; only an unfinished frame is kept. Belongs to its loop.
 */
final class Link extends ChannelInboundHandlerAdapter {

    private static final byte[] NOTHING = {};

    private final Client client;
    private final LoadLoop loop;
    private final SocketChannel channel;

    /** The start of a frame that has not come whole. */
    private byte[] unfinished = NOTHING;

    private int unfinishedBytes;
    private boolean dropped;
    private String trouble = "the server closed the link";

    Link(Client client, LoadLoop loop, SocketChannel channel) {
        this.client = client;
        this.loop = loop;
        this.channel = channel;
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** Stops reading, or reads again. */
    void reads(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** Sends bytes of {@code from}, which may be used again at once. */
    void send(byte[] from, int length) {
        ByteBuf out = channel.alloc().directBuffer(length, length);
        out.writeBytes(from, 0, length);
        channel.writeAndFlush(out, channel.voidPromise());
    }

    /** Ends it with a reset, as a cut cable would seem to; a plain close would keep the port for a minute. */
    void cut() {
        if (!dropped) {
            dropped = true;
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                channel.close();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        int length = in.readableBytes();
        byte[] bytes = loop.readArray(length);
        in.readBytes(bytes, 0, length);
        in.release();
        if (!dropped) {
            cutFrames(bytes, length, System.nanoTime());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!dropped && channel.isWritable()) {
            client.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!dropped) {
            dropped = true;
            client.lost(this, trouble);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        trouble = "the link failed: " + SystemWords.of(cause);
        channel.close();
    }

    private void cutFrames(byte[] bytes, int length, long nowNanos) {
        int at = unfinishedBytes == 0 ? 0 : finish(bytes, length, nowNanos);
        while (!dropped && length - at >= Frame.PREFIX_BYTES) {
            int size = Frame.length(bytes, at);
            if (isTooLarge(size)) {
                return;
            }
            if (length - at - Frame.PREFIX_BYTES < size) {
                break;
            }
            client.frame(this, bytes, at + Frame.PREFIX_BYTES, size, nowNanos);
            at += Frame.PREFIX_BYTES + size;
        }
        if (!dropped) {
            keep(bytes, at, length - at);
            client.readComplete(nowNanos);
        }
    }

    /** Gives the unfinished frame what it lacks, and says where the rest starts. */
    private int finish(byte[] bytes, int length, long nowNanos) {
        int at = 0;
        if (unfinishedBytes < Frame.PREFIX_BYTES) {
            at = Math.min(Frame.PREFIX_BYTES - unfinishedBytes, length);
            keep(bytes, 0, at);
        }
        if (unfinishedBytes < Frame.PREFIX_BYTES) {
            return at;
        }
        int size = Frame.length(unfinished, 0);
        if (isTooLarge(size)) {
            return length;
        }
        int more = Math.min(Frame.PREFIX_BYTES + size - unfinishedBytes, length - at);
        keep(bytes, at, more);
        if (unfinishedBytes == Frame.PREFIX_BYTES + size) {
            unfinishedBytes = 0;
            client.frame(this, unfinished, Frame.PREFIX_BYTES, size, nowNanos);
        }
        return at + more;
    }

    private void keep(byte[] bytes, int at, int length) {
        if (length > 0) {
            int whole = unfinishedBytes + length;
            if (unfinished.length < whole) {
                unfinished = Arrays.copyOf(unfinished, Math.max(whole, 2 * unfinished.length));
            }
            System.arraycopy(bytes, at, unfinished, unfinishedBytes, length);
            unfinishedBytes = whole;
        }
    }

    private boolean isTooLarge(int size) {
        if (size >= 0 && size <= client.maxFrameBytes()) {
            return false;
        }
        cut();
        client.lost(this, "a frame of " + Integer.toUnsignedString(size) + " bytes came");
        return true;
    }
}
