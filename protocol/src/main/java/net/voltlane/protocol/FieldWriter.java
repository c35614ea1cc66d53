package net.voltlane.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the fields of a frame or packet of version 3 in their order, as {@link FieldReader} reads them. The result
 * is a payload, or a whole frame with its length prefix.
 *
 * <p>Numbers and arrays that do not fit their field are a fault of the caller: {@link IllegalArgumentException}. For one
 * packet and one thread.
 */
public final class FieldWriter {

    private static final int FIRST_BYTES = 64;
    private static final int MAX_U16 = 0xFFFF;
    private static final long MAX_U32 = 0xFFFF_FFFFL;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int end = Frame.PREFIX_BYTES;

    /** Creates a writer that has no fields yet. */
    public FieldWriter() {}

    /** Writes a number of 8 bits. */
    public FieldWriter u8(int value) {
        check(value >= 0 && value <= 0xFF, "u8", value);
        reserve(Byte.BYTES);
        bytes[end++] = (byte) value;
        return this;
    }

    /** Writes a number of 16 bits. */
    public FieldWriter u16(int value) {
        check(value >= 0 && value <= MAX_U16, "u16", value);
        reserve(Short.BYTES);
        bytes[end++] = (byte) value;
        bytes[end++] = (byte) (value >>> 8);
        return this;
    }

    /** Writes a number of 32 bits. */
    public FieldWriter u32(long value) {
        check(value >= 0 && value <= MAX_U32, "u32", value);
        reserve(Integer.BYTES);
        LittleEndian.putInt(bytes, end, (int) value);
        end += Integer.BYTES;
        return this;
    }

    /** Writes 64 bits that count nothing, such as a session's id. */
    public FieldWriter u64(long value) {
        reserve(Long.BYTES);
        LittleEndian.putLong(bytes, end, value);
        end += Long.BYTES;
        return this;
    }

    /** Writes a count of packets or bytes, 0 to {@link Limits#MAX_COUNT}. */
    public FieldWriter count(long value) {
        check(value >= 0 && value <= Limits.MAX_COUNT, "count", value);
        return u64(value);
    }

    /** Writes bytes without a length. */
    public FieldWriter bytes(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, end, value.length);
        end += value.length;
        return this;
    }

    /** Writes bytes without a length; there must be exactly {@code length} of them. */
    public FieldWriter bytes(byte[] value, int length) {
        check(value.length == length, length + " bytes", value.length);
        return bytes(value);
    }

    /** Writes bytes behind their length, at most 65535. */
    public FieldWriter blob(byte[] value) {
        return u16(value.length).bytes(value);
    }

    /** Writes text as UTF-8 behind its length, at most 65535 bytes. */
    public FieldWriter text(String value) {
        return blob(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns what was written, without a length prefix. */
    public byte[] payload() {
        return Arrays.copyOfRange(bytes, Frame.PREFIX_BYTES, end);
    }

    /** Returns what was written behind its length prefix, ready to be sent. */
    public byte[] frame() {
        LittleEndian.putInt(bytes, 0, end - Frame.PREFIX_BYTES);
        return Arrays.copyOf(bytes, end);
    }

    private void reserve(int length) {
        int needed = Math.addExact(end, length);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
        }
    }

    private static void check(boolean fits, String field, long value) {
        if (!fits) {
            throw new IllegalArgumentException(field + ": " + value + " does not fit");
        }
    }
}
