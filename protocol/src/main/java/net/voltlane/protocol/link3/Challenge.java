package net.voltlane.protocol.link3;

import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The server's answer to {@link Resume}, also for an id that is unknown.
 *
 * <pre>
 *  byte   0      1             33
 *       +------+---- ... ----+
 *       | 13   | nonce       |
 *       +------+---- ... ----+
 * </pre>
 *
 * @param nonce fresh random bytes, 32
 */
public record Challenge(byte[] nonce) implements LinkFrame {

    static Challenge read(FieldReader in) throws MalformedPacketException {
        return new Challenge(in.bytes("nonce", KEY_BYTES));
    }

    @Override
    public int type() {
        return FrameType.CHALLENGE;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.bytes(nonce, KEY_BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Challenge that && Arrays.equals(nonce, that.nonce);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(nonce);
    }

    @Override
    public String toString() {
        return "Challenge[nonce=" + nonce.length + " bytes]";
    }
}
