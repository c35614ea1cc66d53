package net.voltlane.protocol.link3;

import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * A client's request to resume its session.
 *
 * <pre>
 *  byte   0      1        9              17         25            57          59
 *       +------+--------+--------------+----------+---- ... ----+-----------+
 *       | 12   | u64 id | u64 received | u64 kept | 32 bytes    | u16       |
 *       |      |        |              |          | nonce       | heartbeat |
 *       +------+--------+--------------+----------+---- ... ----+-----------+
 * </pre>
 *
 * @param id the session's id, read as unsigned
 * @param received the number of Data frames that the client has taken over in all, 0 to 2^53 - 1
 * @param kept the number of the first Data frame that the client still keeps, or one more than the last acknowledged one
 *     if it keeps none, 0 to 2^53 - 1
 * @param nonce fresh random bytes, 32
 * @param heartbeatSecs the heartbeat that the client wishes in seconds, 0 to 65535; 0: the server's choice
 */
public record Resume(long id, long received, long kept, byte[] nonce, int heartbeatSecs) implements LinkFrame {

    static Resume read(FieldReader in) throws MalformedPacketException {
        return new Resume(
                in.u64("id"),
                in.count("received"),
                in.count("kept"),
                in.bytes("nonce", KEY_BYTES),
                in.u16("heartbeat"));
    }

    @Override
    public int type() {
        return FrameType.RESUME;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.u64(id).count(received).count(kept).bytes(nonce, KEY_BYTES).u16(heartbeatSecs);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resume that
                && id == that.id
                && received == that.received
                && kept == that.kept
                && Arrays.equals(nonce, that.nonce)
                && heartbeatSecs == that.heartbeatSecs;
    }

    @Override
    public int hashCode() {
        return 31
                        * (31 * (31 * (31 * Long.hashCode(id) + Long.hashCode(received)) + Long.hashCode(kept))
                                + Arrays.hashCode(nonce))
                + Integer.hashCode(heartbeatSecs);
    }

    @Override
    public String toString() {
        return "Resume[id=" + Long.toUnsignedString(id) + ", received=" + received + ", kept=" + kept + ", nonce="
                + nonce.length + " bytes, heartbeatSecs=" + heartbeatSecs + "]";
    }
}
