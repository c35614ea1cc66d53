package net.voltlane.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The expected outcome of what a server of version 3 says to a client, read the slow way once all of it is there, by
 * PROTOCOL3.md. It decodes on its own and shares no code with the client.
 */
final class Server3Oracle {

    /** The stage that the client has reached before the bytes come. */
    enum Progress {
        OPENING,
        RESUMING,
        LIVE
    }

    /** The way in which the link ends for the client. */
    enum Outcome {
        /** The bytes are over. */
        END,
        /** The server has sent Close. */
        CLOSED,
        /** The server broke a rule, or did not prove itself. */
        VIOLATION
    }

    private static final int MAX_CONTROL_BYTES = 8192;
    private static final int MAX_DATA_BYTES = 8 << 20;
    private static final int OPENED_BYTES = 1 + 32 + 8 + 10;
    private static final int CHALLENGE_BYTES = 1 + 32;

    private final List<byte[]> data = new ArrayList<>();
    private Outcome outcome = Outcome.END;
    private boolean live;
    private boolean challenged;
    private long sent;
    private long acknowledged;

    /** @param sentByLive the number of Data frames that a live client has sent */
    Server3Oracle(Progress progress, byte[] bytes, long sentByLive) {
        live = progress == Progress.LIVE;
        sent = live ? sentByLive : 0;
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (outcome == Outcome.END && in.remaining() >= 4) {
            long length = Integer.toUnsignedLong(in.getInt());
            if (length == 0) {
                outcome = Outcome.VIOLATION;
                return;
            }
            if (live && !in.hasRemaining()) {
                return;
            }
            boolean isData = live && in.get(in.position()) == 0;
            if (length > (isData ? MAX_DATA_BYTES + 1 : MAX_CONTROL_BYTES)) {
                outcome = Outcome.VIOLATION;
                return;
            }
            if (in.remaining() < length) {
                return;
            }
            byte[] payload = new byte[(int) length];
            in.get(payload);
            outcome = live ? inSession(payload) : handshake(progress, payload);
        }
    }

    private Outcome handshake(Progress progress, byte[] payload) {
        int type = payload[0] & 0xFF;
        if (type >= 0x40) {
            return Outcome.END;
        }
        if (type == 0x05) {
            return isClose(payload) ? Outcome.CLOSED : Outcome.VIOLATION;
        }
        if (progress == Progress.OPENING && type == 0x11 && payload.length >= OPENED_BYTES) {
            live = true;
            return Outcome.END;
        }
        if (progress == Progress.RESUMING && !challenged && type == 0x13 && payload.length >= CHALLENGE_BYTES) {
            challenged = true;
            return Outcome.END;
        }
        return Outcome.VIOLATION; // also Resumed: nobody has the key for its proof
    }

    private Outcome inSession(byte[] payload) {
        int type = payload[0] & 0xFF;
        if (type == 0x00) {
            data.add(Arrays.copyOfRange(payload, 1, payload.length));
            return Outcome.END;
        }
        boolean fine = type >= 0x40
                || type == 0x01 && isAck(payload)
                || type == 0x03 && payload.length <= 17
                || type == 0x06 && payload.length >= 5;
        if (type == 0x05 && isClose(payload)) {
            return Outcome.CLOSED;
        }
        return fine ? Outcome.END : Outcome.VIOLATION;
    }

    private boolean isAck(byte[] payload) {
        if (payload.length < 9) {
            return false;
        }
        long count = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong(1);
        boolean fits = count >= acknowledged && count <= sent;
        if (fits) {
            acknowledged = count;
        }
        return fits;
    }

    private static boolean isClose(byte[] payload) {
        return payload.length >= 9 && payload.length - 9 >= ((payload[7] & 0xFF) | (payload[8] & 0xFF) << 8);
    }

    List<byte[]> data() {
        return data;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Returns the number of the client's packets that are acknowledged. */
    long acknowledged() {
        return acknowledged;
    }
}
