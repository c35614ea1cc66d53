package net.voltlane.testkit.version3;

import java.io.ByteArrayOutputStream;
import net.voltlane.testkit.Bytes;

/** The fields of a frame, little-endian, one behind the other. */
public final class FieldWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public FieldWriter u8(int value) {
        out.write(value);
        return this;
    }

    public FieldWriter u16(int value) {
        return u8(value).u8(value >> 8);
    }

    public FieldWriter u32(long value) {
        return u16((int) value).u16((int) (value >> 16));
    }

    public FieldWriter u64(long value) {
        return u32(value).u32(value >> 32);
    }

    public FieldWriter bytes(byte[] value) {
        out.writeBytes(value);
        return this;
    }

    /** Bytes behind their u16 length. */
    public FieldWriter blob(byte[] value) {
        return u16(value.length).bytes(value);
    }

    public FieldWriter text(String value) {
        return blob(Bytes.utf8(value));
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
