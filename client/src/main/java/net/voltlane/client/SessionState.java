package net.voltlane.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.PublicKeys;

/**
 * The data needed to resume a session, even in another process: its id, its key pair, and the server's public key.
 *
 * <p><b>It is a secret.</b> Anybody who has it can take the session over, so keep it where only its owner can read it.
 * {@link #toBytes()} and {@link #toText()} contain the secret; {@link #toString()} does not. Use a state in one client
 * at a time: two clients with the same state take the session from each other until one gives up
 * ({@link CloseReason#TAKEN_OVER}).
 *
 * <pre>
 *  byte   0       2         3            11             43               76         80
 *       +-------+---------+------------+--------------+----------------+----------+
 *       | "VL"  | form: 1 | id, u64 LE | secret key   | server's key   | CRC-32   |
 *       +-------+---------+------------+--------------+----------------+----------+
 * </pre>
 *
 * Immutable and thread-safe.
 */
public final class SessionState {

    private static final byte[] HEADER = {'V', 'L', 1};
    private static final int SECRET_BYTES = 32;
    private static final int SERVER_KEY_BYTES = 33;
    private static final int CRC_OFFSET = HEADER.length + Long.BYTES + SECRET_BYTES + SERVER_KEY_BYTES;
    private static final int BYTES = CRC_OFFSET + Integer.BYTES;

    private final long sessionId;
    private final KeyPair keys;
    private final byte[] serverKey;

    SessionState(long sessionId, KeyPair keys, byte[] serverKey) {
        this.sessionId = sessionId;
        this.keys = keys;
        this.serverKey = serverKey;
    }

    /**
     * Decodes the bytes that {@link #toBytes()} returned.
     *
     * @param bytes 80 bytes
     * @return the state
     * @throws IllegalArgumentException if the bytes are damaged or are no state; the message contains none of them
     */
    public static SessionState fromBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("session state of " + bytes.length + " bytes (expected: " + BYTES + ")");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = take(in, HEADER.length);
        if (!Arrays.equals(header, HEADER) || in.getInt(CRC_OFFSET) != crc(bytes)) {
            throw new IllegalArgumentException("session state is damaged or from another version");
        }
        long id = in.getLong();
        KeyPair keys = KeyPair.ofSecret(take(in, SECRET_BYTES));
        try {
            return new SessionState(id, keys, PublicKeys.validate(take(in, SERVER_KEY_BYTES)));
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("session state: the server's " + e.getMessage(), e);
        }
    }

    /**
     * Decodes the text that {@link #toText()} returned.
     *
     * @param text 107 characters; white space around them is ignored
     * @return the state
     * @throws IllegalArgumentException if the text is damaged or is no state; the message contains nothing of it
     */
    public static SessionState fromText(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.strip());
        } catch (IllegalArgumentException leftOut) {
            throw new IllegalArgumentException("session state is not base64url text");
        }
        return fromBytes(bytes);
    }

    /**
     * Encodes this state, secret included. Keep it safe.
     *
     * @return 80 bytes, a fresh array
     */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.put(HEADER).putLong(sessionId).put(keys.secret()).put(serverKey);
        return out.putInt(crc(out.array())).array();
    }

    /**
     * Encodes this state, secret included, as text. Keep it safe.
     *
     * @return letters, digits, {@code -} and {@code _}
     */
    public String toText() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(toBytes());
    }

    /**
     * Returns the session's id.
     *
     * @return a u64, to be read as unsigned
     */
    public long sessionId() {
        return sessionId;
    }

    /**
     * Returns the server's public key, in the form that {@link ClientBuilder#serverKey} takes.
     *
     * @return 33 bytes, a fresh copy
     */
    public byte[] serverKey() {
        return serverKey.clone();
    }

    KeyPair keys() {
        return keys;
    }

    /** Returns the session's id as text, and nothing secret. */
    @Override
    public String toString() {
        return "SessionState[id=" + Long.toUnsignedString(sessionId) + "]";
    }

    private static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, CRC_OFFSET);
        return (int) crc.getValue();
    }
}
