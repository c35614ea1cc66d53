package net.voltlane.protocol.link3;

import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The server's answer to {@link Open}: the session exists.
 *
 * <pre>
 *  byte   0      1             33       41              51
 *       +------+---- ... ----+--------+----- ... -----+
 *       | 11   | 32 bytes    | u64 id | parameters    |
 *       |      | server key  |        | 10 bytes      |
 *       +------+---- ... ----+--------+----- ... -----+
 * </pre>
 *
 * @param serverKey the server's X25519 public key, 32 bytes
 * @param id the session's id, read as unsigned
 * @param parameters the session's terms
 */
public record Opened(byte[] serverKey, long id, Parameters parameters) implements LinkFrame {

    static Opened read(FieldReader in) throws MalformedPacketException {
        return new Opened(in.bytes("server key", KEY_BYTES), in.u64("id"), Parameters.read(in));
    }

    @Override
    public int type() {
        return FrameType.OPENED;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.bytes(serverKey, KEY_BYTES).u64(id);
        parameters.write(out);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Opened that
                && Arrays.equals(serverKey, that.serverKey)
                && id == that.id
                && parameters.equals(that.parameters);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(serverKey) + Long.hashCode(id)) + parameters.hashCode();
    }

    @Override
    public String toString() {
        return "Opened[serverKey=" + serverKey.length + " bytes, id=" + Long.toUnsignedString(id) + ", parameters="
                + parameters + "]";
    }
}
