package net.voltlane.protocol.link3;

import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;

/**
 * A client's request for a new session.
 *
 * <pre>
 *  byte   0      1             33          35            n
 *       +------+---- ... ----+-----------+-------------+
 *       | 10   | 32 bytes    | u16       | blob        |
 *       |      | key         | heartbeat | credentials |
 *       +------+---- ... ----+-----------+-------------+
 * </pre>
 *
 * @param key the client's X25519 public key for this session, 32 bytes
 * @param heartbeatSecs the heartbeat that the client wishes in seconds, 0 to 65535; 0: the server's choice
 * @param credentials bytes for the backend, 0 to {@value net.voltlane.protocol.Limits#MAX_CREDENTIALS_BYTES}
 */
public record Open(byte[] key, int heartbeatSecs, byte[] credentials) implements LinkFrame {

    static Open read(FieldReader in) throws MalformedPacketException {
        byte[] key = in.bytes("key", KEY_BYTES);
        int heartbeatSecs = in.u16("heartbeat");
        byte[] credentials = in.blob("credentials");
        if (credentials.length > Limits.MAX_CREDENTIALS_BYTES) {
            throw in.malformed("credentials are over " + Limits.MAX_CREDENTIALS_BYTES + " bytes");
        }
        return new Open(key, heartbeatSecs, credentials);
    }

    @Override
    public int type() {
        return FrameType.OPEN;
    }

    @Override
    public void writeBody(FieldWriter out) {
        if (credentials.length > Limits.MAX_CREDENTIALS_BYTES) {
            throw new IllegalArgumentException("credentials of " + credentials.length + " bytes (expected: 0 to "
                    + Limits.MAX_CREDENTIALS_BYTES + ")");
        }
        out.bytes(key, KEY_BYTES).u16(heartbeatSecs).blob(credentials);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Open that
                && Arrays.equals(key, that.key)
                && heartbeatSecs == that.heartbeatSecs
                && Arrays.equals(credentials, that.credentials);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(key) + Integer.hashCode(heartbeatSecs)) + Arrays.hashCode(credentials);
    }

    /** Returns the heartbeat and sizes. The credentials are secret. */
    @Override
    public String toString() {
        return "Open[key=" + key.length + " bytes, heartbeatSecs=" + heartbeatSecs + ", credentials="
                + credentials.length + " bytes]";
    }
}
