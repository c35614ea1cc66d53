package net.voltlane.testkit.version3;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.voltlane.testkit.Bytes;

/** Reads the fields of a frame that a server wrote; a frame that is too short is the server's fault. */
public final class FieldReader {
    private final ByteBuffer in;

    public FieldReader(byte[] payload) {
        in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    public int u8() {
        need(1);
        return in.get() & 0xFF;
    }

    public int u16() {
        need(2);
        return in.getShort() & 0xFFFF;
    }

    public long u32() {
        need(4);
        return in.getInt() & 0xFFFFFFFFL;
    }

    public long u64() {
        need(8);
        return in.getLong();
    }

    /** A u64 that counts. */
    public long count() {
        long value = u64();
        if (value < 0 || value >= 1L << 53) {
            throw new AssertionError("the server counts up to " + Long.toUnsignedString(value));
        }
        return value;
    }

    public byte[] bytes(int length) {
        need(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** Bytes behind their u16 length. */
    public byte[] blob() {
        return bytes(u16());
    }

    public String text() {
        return Bytes.text(blob());
    }

    /** All that is left. */
    public byte[] rest() {
        return bytes(in.remaining());
    }

    private void need(int length) {
        try {
            in.slice(in.position(), length);
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new AssertionError("the server's frame is too short: " + length + " more bytes of " + in, e);
        }
    }
}
