package net.voltlane.protocol;

import java.util.Objects;

/**
 * The unit of every link: a length, and a payload of that many bytes.
 *
 * <pre>
 *  byte   0     1     2     3     4            4 + n
 *       +-----+-----+-----+-----+---- ... ----+
 *       |  n, u32 little-endian |   payload   |
 *       +-----+-----+-----+-----+---- ... ----+
 * </pre>
 *
 * {@code n} counts the payload alone. 0 is a legal length: an empty data frame.
 */
public final class Frame {

    /** Size of the length prefix. */
    public static final int PREFIX_BYTES = 4;

    private Frame() {}

    /** Returns a whole frame around a copy of {@code payload}. */
    public static byte[] of(byte[] payload) {
        return of(payload, 0, payload.length);
    }

    /**
     * Returns a whole frame around a copy of {@code length} bytes of {@code payload} from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if {@code payload} does not have these bytes
     */
    public static byte[] of(byte[] payload, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, payload.length);
        byte[] frame = new byte[PREFIX_BYTES + length];
        LittleEndian.putInt(frame, 0, length);
        System.arraycopy(payload, offset, frame, PREFIX_BYTES, length);
        return frame;
    }

    /**
     * Reads the length prefix that starts at {@code offset}.
     *
     * <p>The number on the wire is unsigned: a negative result stands for 2 GiB and more. Ask {@link #isOverLimit}
     * before you allocate anything for it.
     *
     * @throws IndexOutOfBoundsException if there are fewer than four bytes
     */
    public static int length(byte[] bytes, int offset) {
        return LittleEndian.getInt(bytes, offset);
    }

    /**
     * Returns true if a frame is longer than may be. Nothing behind such a frame can be understood.
     *
     * @param length what the length prefix says; read as unsigned, so a negative one is over every limit
     * @param maxBytes the longest payload that is taken, at least 0
     */
    public static boolean isOverLimit(int length, int maxBytes) {
        assert maxBytes >= 0 : maxBytes;
        return length < 0 || length > maxBytes;
    }
}
