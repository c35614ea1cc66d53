package net.voltlane.protocol.link3;

import java.util.Arrays;
import net.voltlane.protocol.FieldWriter;

/**
 * A payload from or for the application. Data frames are numbered from 1 in each direction of a session; the number is not
 * sent.
 *
 * <pre>
 *  byte   0      1               n
 *       +------+----- ... -----+
 *       | 00   | payload       |
 *       +------+----- ... -----+
 * </pre>
 *
 * @param payload any bytes, may be empty
 */
public record Data(byte[] payload) implements LinkFrame {

    @Override
    public int type() {
        return FrameType.DATA;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.bytes(payload);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Data that && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(payload);
    }

    /** Returns the size alone: payloads belong to users, and have no place in a log. */
    @Override
    public String toString() {
        return "Data[payload=" + payload.length + " bytes]";
    }
}
