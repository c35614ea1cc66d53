package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;

/** Frames and buffers for tests of links. */
public final class Bufs {
    private Bufs() {}

    /** A frame with a payload of {@code length} bytes that differs from those of all other numbers. */
    public static byte[] frame(int number, int length) {
        return Frame.of(payload(number, length));
    }

    public static byte[] payload(int number, int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (number * 31 + i * 7 + (i >> 8));
        }
        return payload;
    }

    /** All parts in one buffer, which is the caller's. */
    public static ByteBuf buf(byte[]... parts) {
        byte[] all = Bytes.concat(parts);
        return ByteBufAllocator.DEFAULT.directBuffer(Math.max(1, all.length)).writeBytes(all);
    }

    /** The readable bytes; the buffer is released. */
    public static byte[] bytes(ByteBuf buf) {
        byte[] bytes = new byte[buf.readableBytes()];
        buf.readBytes(bytes);
        buf.release();
        return bytes;
    }

    /** {@code length} bytes from {@code index} on; the buffer stays as it is. */
    public static byte[] bytes(ByteBuf buf, int index, int length) {
        byte[] bytes = new byte[length];
        buf.getBytes(index, bytes);
        return bytes;
    }

    /** The readable bytes of all; the buffers are released. */
    public static byte[] bytes(List<ByteBuf> bufs) {
        return Bytes.concat(bufs.stream().map(Bufs::bytes).toArray(byte[][]::new));
    }

    /** The payloads of whole frames that stand one behind the other; an unfinished one at the end is an error. */
    public static List<byte[]> payloads(byte[] frames) {
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < frames.length; ) {
            int end = i + Frame.PREFIX_BYTES + Frame.length(frames, i);
            payloads.add(Arrays.copyOfRange(frames, i + Frame.PREFIX_BYTES, end));
            if (end > frames.length) {
                throw new AssertionError("ends in the middle of a frame");
            }
            i = end;
        }
        return payloads;
    }

    /** Cuts bytes at random places. */
    public static List<byte[]> split(byte[] bytes, int longest, RandomGenerator random) {
        List<byte[]> parts = new ArrayList<>();
        for (int i = 0; i < bytes.length; ) {
            int end = Math.min(bytes.length, i + 1 + random.nextInt(longest));
            parts.add(Arrays.copyOfRange(bytes, i, end));
            i = end;
        }
        return parts;
    }
}
