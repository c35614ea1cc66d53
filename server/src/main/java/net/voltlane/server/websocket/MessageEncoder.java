package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Frame;

/** Turns frames {@code [u32 LE length][payload]} into binary messages, each in one WebSocket frame without a mask. */
final class MessageEncoder {
    private static final int MAX_16 = 0xFFFF;
    private static final int HEAD = FrameHead.FIN | FrameHead.BINARY;

    private MessageEncoder() {}

    /** The length of the messages that whole frames become. */
    static int encodedBytes(ByteBuf frames, int from, int end) {
        int bytes = 0;
        for (int index = from; index < end; ) {
            int length = frames.getIntLE(index);
            bytes += headBytes(length) + length;
            index += Frame.PREFIX_BYTES + length;
        }
        return bytes;
    }

    /** Copies whole frames into a buffer, as messages. */
    static void encode(ByteBuf frames, int from, int end, ByteBuf to) {
        for (int index = from; index < end; ) {
            index += encodeOne(frames, index, to);
        }
    }

    /** Copies one frame into a buffer, as a message. Returns its length with its prefix. */
    static int encodeOne(ByteBuf frames, int index, ByteBuf to) {
        int length = frames.getIntLE(index);
        writeHead(to, length);
        to.writeBytes(frames, index + Frame.PREFIX_BYTES, length);
        return Frame.PREFIX_BYTES + length;
    }

    /** Returns the head of one message. */
    static ByteBuf head(ByteBufAllocator allocator, int length) {
        ByteBuf head = allocator.directBuffer(headBytes(length));
        writeHead(head, length);
        return head;
    }

    static int headBytes(int length) {
        return length < FrameHead.LENGTH_16 ? 2 : length <= MAX_16 ? 4 : 10;
    }

    private static void writeHead(ByteBuf to, int length) {
        to.writeByte(HEAD);
        if (length < FrameHead.LENGTH_16) {
            to.writeByte(length);
        } else if (length <= MAX_16) {
            to.writeByte(FrameHead.LENGTH_16).writeShort(length);
        } else {
            to.writeByte(FrameHead.LENGTH_64).writeLong(length);
        }
    }
}
