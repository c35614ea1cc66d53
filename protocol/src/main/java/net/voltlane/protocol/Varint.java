package net.voltlane.protocol;

import java.nio.ByteBuffer;

/**
 * Unsigned integers of varying size, as handshake packets contain them.
 *
 * <pre>
 *  first byte   value
 *  0 to 250     the byte itself
 *  251          the u16 that follows
 *  252          the u32 that follows
 *  253          the u64 that follows, an error where at most a u32 is allowed
 *  254, 255     errors
 * </pre>
 *
 * The integers that follow are little-endian, so every buffer passed here must be little-endian too. Writers choose the
 * shortest form. Readers accept a longer one as well (251, 5, 0 is 5), since existing peers do.
 */
final class Varint {

    private static final int LARGEST_SINGLE_BYTE = 250;
    private static final int U16 = 251;
    private static final int U32 = 252;
    private static final int U64 = 253;

    private Varint() {}

    /** Returns the number of bytes that {@link #write} needs for {@code value}, which is read as unsigned. */
    static int bytes(long value) {
        if (Long.compareUnsigned(value, LARGEST_SINGLE_BYTE) <= 0) {
            return 1;
        }
        if (value >>> Short.SIZE == 0) {
            return 1 + Short.BYTES;
        }
        return value >>> Integer.SIZE == 0 ? 1 + Integer.BYTES : 1 + Long.BYTES;
    }

    static void write(ByteBuffer out, long value) {
        switch (bytes(value)) {
            case 1 -> out.put((byte) value);
            case 1 + Short.BYTES -> out.put((byte) U16).putShort((short) value);
            case 1 + Integer.BYTES -> out.put((byte) U32).putInt((int) value);
            default -> out.put((byte) U64).putLong(value);
        }
    }

    /** Reads an unsigned value of up to 32 bits. {@code what} names it in an error. */
    static int readU32(ByteBuffer in, String what) throws MalformedPacketException {
        return (int) read(in, Integer.BYTES, what);
    }

    /** Reads an unsigned value of up to 64 bits. {@code what} names it in an error. */
    static long readU64(ByteBuffer in, String what) throws MalformedPacketException {
        return read(in, Long.BYTES, what);
    }

    private static long read(ByteBuffer in, int maxBytes, String what) throws MalformedPacketException {
        int start = in.position();
        require(in, 1, start, what);
        int first = in.get() & 0xFF;
        if (first <= LARGEST_SINGLE_BYTE) {
            return first;
        }
        int bytes = switch (first) {
            case U16 -> Short.BYTES;
            case U32 -> Integer.BYTES;
            case U64 -> Long.BYTES;
            default -> throw malformed(what, "starts with a byte that no number starts with", start);
        };
        if (bytes > maxBytes) {
            throw malformed(what, "is wider than " + maxBytes * Byte.SIZE + " bits", start);
        }
        require(in, bytes, start, what);
        return switch (bytes) {
            case Short.BYTES -> Short.toUnsignedLong(in.getShort());
            case Integer.BYTES -> Integer.toUnsignedLong(in.getInt());
            default -> in.getLong();
        };
    }

    private static void require(ByteBuffer in, int bytes, int start, String what) throws MalformedPacketException {
        if (in.remaining() < bytes) {
            throw malformed(what, "is cut off", start);
        }
    }

    private static MalformedPacketException malformed(String what, String problem, int start) {
        return new MalformedPacketException(what + " " + problem + " (at byte " + start + ")");
    }
}
