package net.voltlane.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes for tests. */
public final class Bytes {
    private Bytes() {}

    /** The UTF-8 bytes of a text. */
    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text of UTF-8 bytes. */
    public static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Bytes from hexadecimal digits; spaces may stand anywhere. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** All parts in one array. */
    public static byte[] concat(byte[]... parts) {
        if (parts.length == 1) {
            return parts[0];
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Four bytes, little-endian: a frame's length prefix for any length, right or wrong. */
    public static byte[] u32(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** {@code length} bytes that begin with {@code number}, as {@link #number} finds it. */
    public static byte[] numbered(int number, int length) {
        return ByteBuffer.allocate(length).putInt(number).array();
    }

    /** The number that {@link #numbered} put in. */
    public static int number(byte[] numbered) {
        return ByteBuffer.wrap(numbered).getInt();
    }
}
