package net.voltlane.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a WebSocket (RFC 6455), one for each frame, and masked on their way to the server. All messages of a write
 * share a mask: it protects caches from browsers, and here is none.
 */
final class WebSocketFraming implements Framing {

    private static final int BINARY = 0x82;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;
    private static final int MASKED = 0x80;
    private static final int SHORT = 126;
    private static final int LONG = 127;
    private static final int HEAD_BYTES = 2;
    private static final int SHORT_HEAD_BYTES = 4;
    private static final int LONG_HEAD_BYTES = 10;
    /** The most bytes that a head has more than a length of four bytes, with the mask. */
    private static final int MORE_BYTES = LONG_HEAD_BYTES;

    @Override
    public int head(byte[] bytes, int at, int available) {
        if (available < HEAD_BYTES) {
            return 0;
        }
        int second = bytes[at + 1];
        int head = second < SHORT ? HEAD_BYTES : second == SHORT ? SHORT_HEAD_BYTES : LONG_HEAD_BYTES;
        return available >= head ? head : 0;
    }

    @Override
    public int size(byte[] bytes, int at) {
        int second = bytes[at + 1];
        if (second < SHORT) {
            return second; // below 0 with a mask, which no server sends
        } else if (second == SHORT) {
            return (bytes[at + 2] & 0xFF) << Byte.SIZE | bytes[at + 3] & 0xFF;
        }
        long size = Long.reverseBytes(Bytes.getLong(bytes, at + 2));
        return size < 0 || size > Integer.MAX_VALUE ? -1 : (int) size;
    }

    @Override
    public boolean isData(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) == BINARY;
    }

    @Override
    public @Nullable String control(DuplexChannel channel, byte[] bytes, int at, int size, byte first) {
        switch (first & 0xFF) {
            case PING -> {
                ByteBuf pong = channel.alloc().directBuffer();
                pong.writeByte(PONG).writeByte(MASKED | size).writeInt(0).writeBytes(bytes, at, size);
                channel.writeAndFlush(pong, channel.voidPromise());
                return null;
            }
            case PONG -> {
                return null;
            }
            case CLOSE -> {
                return size < Short.BYTES
                        ? "the server closed the WebSocket"
                        : "the server closed the WebSocket with code "
                                + ((bytes[at] & 0xFF) << Byte.SIZE | bytes[at + 1] & 0xFF) + " "
                                + new String(bytes, at + 2, size - 2, StandardCharsets.UTF_8);
            }
            default -> {
                return "a frame of the WebSocket came that begins with " + (first & 0xFF);
            }
        }
    }

    @Override
    public ByteBuf out(ByteBufAllocator allocator, byte[] frames, int length) {
        int mask = ThreadLocalRandom.current().nextInt();
        long mask8 = (mask & 0xFFFF_FFFFL) << Integer.SIZE | mask & 0xFFFF_FFFFL;
        ByteBuf out = allocator.directBuffer(length + MORE_BYTES);
        int at = 0;
        while (at < length) {
            int size = Frame.length(frames, at);
            at += Frame.PREFIX_BYTES;
            head(out, size);
            out.writeIntLE(mask);
            int end = at + size;
            for (; end - at >= Long.BYTES; at += Long.BYTES) {
                out.writeLongLE(Bytes.getLong(frames, at) ^ mask8);
            }
            for (int shift = 0; at < end; at++, shift += Byte.SIZE) {
                out.writeByte(frames[at] ^ (int) (mask8 >>> shift));
            }
        }
        return out;
    }

    private static void head(ByteBuf out, int size) {
        out.writeByte(BINARY);
        if (size < SHORT) {
            out.writeByte(MASKED | size);
        } else if (size <= 0xFFFF) {
            out.writeByte(MASKED | SHORT).writeShort(size);
        } else {
            out.writeByte(MASKED | LONG).writeLong(size);
        }
    }
}
