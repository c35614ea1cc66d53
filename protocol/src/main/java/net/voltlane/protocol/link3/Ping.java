package net.voltlane.protocol.link3;

import java.util.Arrays;
import net.voltlane.protocol.FieldWriter;

/**
 * A sign of life from a client, which the server answers with {@link Pong}.
 *
 * <pre>
 *  byte   0      1               n
 *       +------+----- ... -----+
 *       | 02   | 0 to 16 bytes |
 *       +------+----- ... -----+
 * </pre>
 *
 * @param bytes 0 to 16 bytes
 */
public record Ping(byte[] bytes) implements LinkFrame {

    @Override
    public int type() {
        return FrameType.PING;
    }

    @Override
    public void writeBody(FieldWriter out) {
        if (bytes.length > MAX_PING_BYTES) {
            throw new IllegalArgumentException(bytes.length + " bytes (expected: 0 to " + MAX_PING_BYTES + ")");
        }
        out.bytes(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ping that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Ping[bytes=" + bytes.length + " bytes]";
    }
}
