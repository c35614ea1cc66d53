package net.voltlane.server.edge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The expected outcome of the bytes of a client of version 3, read the slow way once all of them are there, by
 * PROTOCOL3.md. It decodes on its own and shares no code with the server.
 */
final class Client3Oracle {

    /** The stage that a connection has reached before the bytes come. */
    enum Progress {
        /** The first frame, ProtocolVersion, has come. */
        GREETED,
        /** The challenge for a session of its own has come. */
        CHALLENGED,
        /** In a new session. */
        LIVE,
        /** In a session that it has resumed by a proof. */
        RESUMED
    }

    private static final int MAX_CONTROL_BYTES = 8192;
    private static final int MAX_CREDENTIALS_BYTES = 4096;
    private static final int OPEN_BYTES = 1 + 32 + 2 + 2;
    private static final int RESUME_BYTES = 1 + 8 + 8 + 8 + 32 + 2;
    private static final int ACK_BYTES = 1 + 8;

    private final int maxDataBytes;
    private final long sentToClient;
    private long acknowledged;
    /** The session is there. */
    private boolean joined;
    /** A session was asked for, and the challenge has come. */
    private boolean challenged;
    /** The connection is refused for what came, without a session. */
    private boolean refused;

    private final List<byte[]> data = new ArrayList<>();
    private final List<byte[]> pings = new ArrayList<>();
    private @Nullable Reason end;

    /**
     * @param sentToClient the number of Data frames that the server has sent
     * @param acknowledged the number of them that are acknowledged before the bytes come
     */
    Client3Oracle(Progress progress, byte[] bytes, int maxDataBytes, long sentToClient, long acknowledged) {
        this.maxDataBytes = maxDataBytes;
        this.sentToClient = sentToClient;
        this.acknowledged = acknowledged;
        joined = progress == Progress.LIVE || progress == Progress.RESUMED;
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= 4 && end == null && !refused) {
            long length = Integer.toUnsignedLong(in.getInt());
            if (length > longest()) {
                tooLarge();
            } else if (in.remaining() < length) {
                break;
            } else {
                byte[] payload = new byte[(int) length];
                in.get(payload);
                frame(progress, payload);
            }
        }
    }

    private long longest() {
        return joined ? Math.max(maxDataBytes + 1, MAX_CONTROL_BYTES) : MAX_CONTROL_BYTES;
    }

    private void tooLarge() {
        if (joined) {
            end = Reason.FRAME_TOO_LARGE;
        } else {
            refused = true;
        }
    }

    private void frame(Progress progress, byte[] payload) {
        int type = payload.length == 0 ? -1 : payload[0] & 0xFF;
        if (joined) {
            inSession(type, payload);
        } else if (type < 0x40) { // else it is skipped
            boolean greeted = progress == Progress.GREETED && !challenged;
            joined = greeted && type == 0x10 && isOpen(payload);
            challenged |= greeted && type == 0x12 && isResume(payload); // whether the id exists or not
            refused = !joined && !(greeted && challenged); // no answer is right, since the proof can't be guessed
        }
    }

    private static boolean isOpen(byte[] payload) {
        if (payload.length < OPEN_BYTES) {
            return false;
        }
        int credentials = (payload[OPEN_BYTES - 2] & 0xFF) | (payload[OPEN_BYTES - 1] & 0xFF) << 8;
        return credentials <= MAX_CREDENTIALS_BYTES && payload.length - OPEN_BYTES >= credentials;
    }

    private static boolean isResume(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        return payload.length >= RESUME_BYTES && in.getLong(9) >>> 53 == 0 && in.getLong(17) >>> 53 == 0;
    }

    private void inSession(int type, byte[] payload) {
        if (type == 0 && payload.length - 1 > maxDataBytes || type != 0 && payload.length > MAX_CONTROL_BYTES) {
            end = Reason.FRAME_TOO_LARGE;
        } else if (type == 0) {
            data.add(Arrays.copyOfRange(payload, 1, payload.length));
        } else if (type == 1 && payload.length >= ACK_BYTES) {
            acknowledge(ByteBuffer.wrap(payload, 1, 8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong());
        } else if (type == 2 && payload.length <= 17) {
            pings.add(Arrays.copyOfRange(payload, 1, payload.length));
        } else if (type == 4) {
            end = Reason.CLIENT_LEFT;
        } else if (type < 0x40) {
            end = Reason.PROTOCOL_VIOLATION;
        }
    }

    private void acknowledge(long count) {
        if (count < acknowledged || count > sentToClient) {
            end = Reason.PROTOCOL_VIOLATION;
        } else {
            acknowledged = count;
        }
    }

    /** Returns true if the connection is in a session, or has been. */
    boolean hasJoined() {
        return joined;
    }

    /** Returns true if the connection is closed for what came, without a session. */
    boolean isRefused() {
        return refused;
    }

    /** Returns the payloads that the master gets. */
    List<byte[]> data() {
        return data;
    }

    /** Returns the bytes of the Pings that are answered. */
    List<byte[]> pings() {
        return pings;
    }

    /** Returns the reason for which the session ends; null if it lives on. */
    @Nullable
    Reason end() {
        return end;
    }

    long acknowledged() {
        return acknowledged;
    }
}
