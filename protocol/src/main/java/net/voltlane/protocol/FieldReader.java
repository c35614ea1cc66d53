package net.voltlane.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of a frame or packet of version 3 in their order.
 *
 * <pre>
 *  u8, u16, u32, u64    1, 2, 4, 8 bytes, little-endian
 *  count                a u64 below 2^53
 *  text                 | u16 n | n bytes of UTF-8 |
 *  blob                 | u16 n | n bytes |
 * </pre>
 *
 * Lengths are compared with the bytes that are left before anything is allocated. Bytes that are left at the end are
 * ignored by whoever reads the fields: later versions may add some. For one packet and one thread.
 */
public final class FieldReader {

    private final String packet;
    private final ByteBuffer in;
    private boolean tooShort;

    /**
     * Starts at the buffer's position and ends at its limit. The buffer's own position and byte order stay.
     *
     * @param packet the packet's name, for messages
     * @param bytes the fields
     */
    public FieldReader(String packet, ByteBuffer bytes) {
        this.packet = packet;
        this.in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads a number of 8 bits. */
    public int u8(String field) throws MalformedPacketException {
        return require(field, Byte.BYTES).get() & 0xFF;
    }

    /** Reads a number of 16 bits. */
    public int u16(String field) throws MalformedPacketException {
        return require(field, Short.BYTES).getShort() & 0xFFFF;
    }

    /** Reads a number of 32 bits. */
    public long u32(String field) throws MalformedPacketException {
        return Integer.toUnsignedLong(require(field, Integer.BYTES).getInt());
    }

    /** Reads 64 bits that count nothing, such as a session's id; read them as unsigned. */
    public long u64(String field) throws MalformedPacketException {
        return require(field, Long.BYTES).getLong();
    }

    /**
     * Reads a count of packets or bytes.
     *
     * @return 0 to {@link Limits#MAX_COUNT}
     * @throws MalformedPacketException if bytes are missing, or the number is larger
     */
    public long count(String field) throws MalformedPacketException {
        long value = u64(field);
        if (value < 0 || value > Limits.MAX_COUNT) {
            throw malformed(field + " is not below 2^53");
        }
        return value;
    }

    /** Reads {@code length} bytes into a new array. */
    public byte[] bytes(String field, int length) throws MalformedPacketException {
        ByteBuffer from = require(field, length);
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    /** Reads bytes behind their length, 0 to 65535. */
    public byte[] blob(String field) throws MalformedPacketException {
        return bytes(field, u16(field));
    }

    /** Reads UTF-8 text behind its length, 0 to 65535 bytes. Bytes that are no UTF-8 become U+FFFD. */
    public String text(String field) throws MalformedPacketException {
        return new String(blob(field), StandardCharsets.UTF_8);
    }

    /** Reads all bytes that are left. */
    public byte[] rest() {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    /** Returns the number of bytes that are left. */
    public int remaining() {
        return in.remaining();
    }

    /** Returns true if a read has failed because bytes were missing. */
    public boolean isTooShort() {
        return tooShort;
    }

    /** Returns an exception about this packet. The message must not contain any of its bytes. */
    public MalformedPacketException malformed(String fault) {
        return new MalformedPacketException(packet + ": " + fault);
    }

    private ByteBuffer require(String field, int length) throws MalformedPacketException {
        if (in.remaining() < length) {
            tooShort = true;
            throw malformed(field + " needs " + length + " bytes, and " + in.remaining() + " are left");
        }
        return in;
    }
}
