package net.voltlane.protocol.link3;

import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The server's answer to a right {@link Answer}: the session is resumed on this link. The client believes none of it before
 * it has verified the proof.
 *
 * <pre>
 *  byte   0      1             33             41              51
 *       +------+---- ... ----+--------------+----- ... -----+
 *       | 15   | 32 bytes    | u64 accepted | parameters    |
 *       |      | proof       |              | 10 bytes      |
 *       +------+---- ... ----+--------------+----- ... -----+
 *                            |&lt;- the proof covers all of this ->
 * </pre>
 *
 * @param proof 32 bytes
 * @param accepted the number of Data frames that the server has read from this client in all, 0 to 2^53 - 1
 * @param parameters the session's terms
 */
public record Resumed(byte[] proof, long accepted, Parameters parameters) implements LinkFrame {

    static Resumed read(FieldReader in) throws MalformedPacketException {
        return new Resumed(in.bytes("proof", KEY_BYTES), in.count("accepted"), Parameters.read(in));
    }

    @Override
    public int type() {
        return FrameType.RESUMED;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.bytes(proof, KEY_BYTES);
        writeBehindProof(out, accepted, parameters);
    }

    static void writeBehindProof(FieldWriter out, long accepted, Parameters parameters) {
        out.count(accepted);
        parameters.write(out);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resumed that
                && Arrays.equals(proof, that.proof)
                && accepted == that.accepted
                && parameters.equals(that.parameters);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(proof) + Long.hashCode(accepted)) + parameters.hashCode();
    }

    @Override
    public String toString() {
        return "Resumed[proof=" + proof.length + " bytes, accepted=" + accepted + ", parameters=" + parameters + "]";
    }
}
