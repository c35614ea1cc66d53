package net.voltlane.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.PublicKeys;
import org.jspecify.annotations.Nullable;

/**
 * The data needed to resume a session, even in another process: its id, its keys, and the server's public key. In version
 * 3 of the protocol also the counts of packets, and, if asked for, the packets that the backend has not acknowledged.
 *
 * <p><b>It is a secret.</b> Anybody who has it can take the session over, so keep it where only its owner can read it.
 * {@link #toBytes()} and {@link #toText()} contain the secret; {@link #toString()} does not. Use a state in one client
 * at a time: two clients with the same state take the session from each other until one gives up
 * ({@link CloseReason#TAKEN_OVER}). In version 3, only the newest state of a session is good: an older one has counts
 * that the server has left behind ({@link CloseReason#GAP}).
 *
 * <p>A session of version 2 is encoded as below; {@code Version3StateCodec} draws the form of version 3.
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
    private final byte[] serverKey;
    /** The keys of a session of version 2, else null. */
    private final @Nullable KeyPair keys;
    /** The rest of a session of version 3, else null. */
    private final @Nullable Version3State version3;

    /** Creates the state of a session of version 2. */
    SessionState(long sessionId, KeyPair keys, byte[] serverKey) {
        this.sessionId = sessionId;
        this.keys = keys;
        this.version3 = null;
        this.serverKey = serverKey;
    }

    /** Creates the state of a session of version 3. */
    SessionState(long sessionId, Version3State version3, byte[] serverKey) {
        this.sessionId = sessionId;
        this.keys = null;
        this.version3 = version3;
        this.serverKey = serverKey;
    }

    /**
     * Decodes the bytes that {@link #toBytes()} returned.
     *
     * @param bytes 80 bytes for a session of version 2, more for one of version 3
     * @return the state
     * @throws IllegalArgumentException if the bytes are damaged or are no state; the message contains none of them
     */
    public static SessionState fromBytes(byte[] bytes) {
        if (Version3StateCodec.isOne(bytes)) {
            return Version3StateCodec.decode(bytes);
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("session state of " + bytes.length + " bytes (expected: " + BYTES + ")");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = take(in, HEADER.length);
        if (!Arrays.equals(header, HEADER) || in.getInt(CRC_OFFSET) != crc(bytes, CRC_OFFSET)) {
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
     * @param text 107 characters for a session of version 2, more for one of version 3; white space around them is ignored
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
     * @return 80 bytes for a session of version 2; for one of version 3, 119 bytes and its packets with 4 bytes each. A
     *     fresh array
     */
    public byte[] toBytes() {
        if (version3 != null) {
            return Version3StateCodec.encode(this, version3);
        }
        ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.put(HEADER).putLong(sessionId).put(keys().secret()).put(serverKey);
        return out.putInt(crc(out.array(), CRC_OFFSET)).array();
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
     * Returns the version of the protocol that the session belongs to.
     *
     * @return {@link Protocol#V2} or {@link Protocol#V3}
     */
    public Protocol protocol() {
        return version3 == null ? Protocol.V2 : Protocol.V3;
    }

    /**
     * Returns the server's public key, in the form that {@link ClientBuilder#serverKey} takes.
     *
     * @return 33 bytes for a session of version 2, 32 bytes for one of version 3; a fresh copy
     */
    public byte[] serverKey() {
        return serverKey.clone();
    }

    /**
     * Returns the number of packets in this state that the backend has not acknowledged.
     *
     * @return 0 for a session of version 2, and for a state that was exported without them
     */
    public int unacknowledged() {
        return version3 == null ? 0 : version3.frames().size();
    }

    /** Returns this state without what changes in a session's life. */
    SessionState withoutPackets() {
        return version3 == null
                ? this
                : new SessionState(sessionId, version3.at(0, SendCounts.NONE, List.of()), serverKey);
    }

    KeyPair keys() {
        if (keys == null) {
            throw new IllegalStateException("the session is of version 3");
        }
        return keys;
    }

    Version3State version3() {
        if (version3 == null) {
            throw new IllegalStateException("the session is of version 2");
        }
        return version3;
    }

    /** Returns the session's id as text, and nothing secret. */
    @Override
    public String toString() {
        return "SessionState[id=" + Long.toUnsignedString(sessionId) + "]";
    }

    static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
