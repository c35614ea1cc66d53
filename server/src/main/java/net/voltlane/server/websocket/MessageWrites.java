package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import net.voltlane.protocol.Frame;

/** Writes whole frames as messages. Short ones are copied together; the payload of a long one goes out as it is. */
final class MessageWrites {
    /** The length from which a copy costs more than a buffer of its own for the head. */
    private static final int LONG_BYTES = 8 * 1024;

    private MessageWrites() {}

    /**
     * @param frames whole frames, now this method's
     * @param begunBytes the bytes of the first message that the socket has already
     */
    static void write(ChannelHandlerContext ctx, ByteBuf frames, int begunBytes, ChannelPromise promise) {
        int from = frames.readerIndex();
        int end = frames.writerIndex();
        int first = frames.getIntLE(from);
        if (begunBytes == 0 && first >= LONG_BYTES && from + Frame.PREFIX_BYTES + first == end) {
            ctx.write(MessageEncoder.head(ctx.alloc(), first), ctx.voidPromise());
            ctx.write(frames.skipBytes(Frame.PREFIX_BYTES), promise);
            return;
        }
        ByteBuf messages = ctx.alloc().directBuffer(MessageEncoder.encodedBytes(frames, from, end));
        MessageEncoder.encode(frames, from, end, messages);
        frames.release();
        ctx.write(messages.skipBytes(begunBytes), promise);
    }
}
