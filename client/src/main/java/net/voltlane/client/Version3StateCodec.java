package net.voltlane.client;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;

/**
 * The encoding of a {@link SessionState} of version 3. Integers are little-endian.
 *
 * <pre>
 *  byte   0      2         3        11           43           75         83      91             99
 *       +------+---------+--------+------------+------------+----------+-------+--------------+-----------+
 *       | "VL" | form: 2 | u64 id | secret key | server key | u64      | u64   | u64          | u64       |
 *       |      |         |        | 32 bytes   | 32 bytes   | received | first | acknowledged | ever sent |
 *       +------+---------+--------+------------+------------+----------+-------+--------------+-----------+
 *         107         111
 *       +-----------+------------------------------------+-------------+--------+
 *       | u32 count | count x (u32 length, payload)      | u32 length  | u32    |
 *       |           | packets that are not acknowledged  | of it all   | CRC-32 |
 *       +-----------+------------------------------------+-------------+--------+
 * </pre>
 *
 * {@link SendCounts} explains the numbers.
 */
final class Version3StateCodec {

    private static final byte[] HEADER = {'V', 'L', 2};
    private static final int KEY_BYTES = 32;
    private static final int PACKETS_OFFSET = HEADER.length + 5 * Long.BYTES + 2 * KEY_BYTES + Integer.BYTES;
    private static final int TAIL_BYTES = 2 * Integer.BYTES;

    private Version3StateCodec() {}

    /** Tells whether these bytes begin as such a state does. */
    static boolean isOne(byte[] bytes) {
        return bytes.length > HEADER.length && Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length);
    }

    /** Encodes a state, secret included. */
    static byte[] encode(SessionState state, Version3State rest) {
        int length = PACKETS_OFFSET + TAIL_BYTES;
        for (byte[] frame : rest.frames()) {
            length = Math.addExact(length, frame.length);
        }
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(HEADER).putLong(state.sessionId());
        out.put(rest.keys().privateKey()).put(state.serverKey());
        SendCounts counts = rest.counts();
        out.putLong(rest.received()).putLong(counts.first()).putLong(counts.acknowledged());
        out.putLong(counts.everSent()).putInt(rest.frames().size());
        rest.frames().forEach(out::put); // a frame of version 2 is a length and a payload
        out.putInt(length);
        return out.putInt(SessionState.crc(out.array(), length - Integer.BYTES)).array();
    }

    /**
     * Decodes a state.
     *
     * @throws IllegalArgumentException if the bytes are damaged; the message contains none of them
     */
    static SessionState decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.length;
        if (length < PACKETS_OFFSET + TAIL_BYTES
                || in.getInt(length - TAIL_BYTES) != length
                || in.getInt(length - Integer.BYTES) != SessionState.crc(bytes, length - Integer.BYTES)) {
            throw damaged();
        }
        in.position(HEADER.length);
        long id = in.getLong();
        X25519KeyPair keys = X25519KeyPair.ofPrivate(SessionState.take(in, KEY_BYTES));
        byte[] serverKey = SessionState.take(in, KEY_BYTES);
        long received = in.getLong();
        SendCounts counts = new SendCounts(in.getLong(), in.getLong(), in.getLong());
        if (received < 0 || received > Limits.MAX_COUNT || !counts.arePossible()) {
            throw damaged();
        }
        return new SessionState(id, new Version3State(keys, received, counts, frames(in)), serverKey);
    }

    private static List<byte[]> frames(ByteBuffer in) {
        int count = in.getInt();
        in.limit(in.limit() - TAIL_BYTES);
        List<byte[]> frames = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                int payloadBytes = in.getInt(in.position());
                if (payloadBytes < 0 || payloadBytes > in.remaining() - Frame.PREFIX_BYTES) {
                    throw damaged();
                }
                frames.add(SessionState.take(in, Frame.PREFIX_BYTES + payloadBytes));
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw damaged();
        }
        if (count < 0 || in.hasRemaining()) {
            throw damaged();
        }
        return frames;
    }

    private static IllegalArgumentException damaged() {
        return new IllegalArgumentException("session state is damaged or from another version");
    }
}
