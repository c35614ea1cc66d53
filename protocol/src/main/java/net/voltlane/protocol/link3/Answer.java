package net.voltlane.protocol.link3;

import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The client's proof that it owns the session.
 *
 * <pre>
 *  byte   0      1             33
 *       +------+---- ... ----+
 *       | 14   | proof       |
 *       +------+---- ... ----+
 * </pre>
 *
 * @param proof 32 bytes
 */
public record Answer(byte[] proof) implements LinkFrame {

    static Answer read(FieldReader in) throws MalformedPacketException {
        return new Answer(in.bytes("proof", KEY_BYTES));
    }

    @Override
    public int type() {
        return FrameType.ANSWER;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.bytes(proof, KEY_BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Answer that && Arrays.equals(proof, that.proof);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(proof);
    }

    @Override
    public String toString() {
        return "Answer[proof=" + proof.length + " bytes]";
    }
}
