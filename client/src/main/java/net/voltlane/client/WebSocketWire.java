package net.voltlane.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.link3.Close;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket (RFC 6455) over another wire: each binary message is the payload of a frame. A message in one piece is
 * passed on as it comes; only one in several pieces is put together first, as its length is not known before.
 *
 * <p>Pings are answered by the writer, with the newest only. A Close is answered, and ends the input once the server has
 * closed the connection. Its code says why:
 *
 * <pre>
 *  1000, 1001, 1005 (none)   an end in good order
 *  1002, 1003, 1007          violation                      as code 8 of version 3
 *  1009                      frame too large                as code 7
 *  4000 to 4999              the code of version 3, plus 4000
 *  others                    the link is lost
 * </pre>
 */
final class WebSocketWire implements Wire {

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MAX_CONTROL_BYTES = 125;
    /** The most bytes of an answered Close. */
    private static final int CODE_BYTES = 2;
    /** The time for the server to close the connection after both Closes. */
    private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The most pings in a handshake. Its timeout does not hold for writes, and the server may not read the answers. */
    private static final int MAX_EARLY_PINGS = 64;

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int NORMAL = 1000;
    private static final int NONE = 1005;
    private static final int FIRST_OWN = 4000;
    private static final int LAST_OWN = 4999;

    /** The answer to a Ping or a Close, which waits for the writer. */
    private record Control(int opcode, byte[] payload) {}

    private final Wire below;
    private final LongConsumer startTimeout;
    private final WebSocketOutput output;
    private final int maxMessageBytes;

    // For the thread that reads.
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    /** Bytes that are to be passed on before the payload: a length, or a message that came in pieces. */
    private byte[] ready = {};

    private int readyFrom;
    /** The bytes of the present message, one in a single piece, that are still to come. */
    private int payloadLeft;
    /** The pieces of a message so far; null between messages. */
    private byte @Nullable [] pieces;

    private int piecesBytes;

    /** The pings so far that the thread that reads has answered itself. */
    private int earlyPings;

    private volatile @Nullable Control control;
    /** True once a Close was sent, behind which nothing may follow. Written by the thread that writes. */
    private volatile boolean closeSent;
    /** Wakes the writer; null while the thread that reads is the one that writes. */
    private volatile @Nullable Runnable wake;

    /**
     * @param startTimeout limits the time of all reads of the socket together, in nanoseconds
     * @param arrived bytes that have come behind the answer to the upgrade
     * @param maxMessageBytes the longest message in several pieces that is put together
     */
    WebSocketWire(Wire below, LongConsumer startTimeout, SecureRandom random, byte[] arrived, int maxMessageBytes) {
        this.below = below;
        this.startTimeout = startTimeout;
        this.output = new WebSocketOutput(below, random);
        this.maxMessageBytes = maxMessageBytes;
        System.arraycopy(arrived, 0, buffer, 0, arrived.length);
        to = arrived.length;
    }

    // ---- for the thread that reads

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            if (readyFrom < ready.length) {
                int count = Math.min(length, ready.length - readyFrom);
                System.arraycopy(ready, readyFrom, into, offset, count);
                readyFrom += count;
                return count;
            }
            if (payloadLeft > 0) {
                int count = payload(into, offset, Math.min(length, payloadLeft));
                payloadLeft -= count;
                return count;
            }
            if (!frame()) {
                return -1;
            }
        }
    }

    private int payload(byte[] into, int offset, int length) throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
            fill(1);
        }
        int count = Math.min(length, to - from);
        System.arraycopy(buffer, from, into, offset, count);
        from += count;
        return count;
    }

    /** Takes the head of the next frame, and all of it if it is short. Tells whether there may be more. */
    private boolean frame() throws IOException {
        fill(2);
        int first = buffer[from];
        int second = buffer[from + 1];
        if ((first & 0x70) != 0 || second < 0) {
            throw violation("a frame with a mask or with bits that nobody agreed on");
        }
        boolean last = first < 0;
        int opcode = first & 0x0F;
        long length = second;
        if (second > MAX_CONTROL_BYTES) {
            int bytes = second == MAX_CONTROL_BYTES + 1 ? Short.BYTES : Long.BYTES;
            fill(2 + bytes);
            ByteBuffer number = ByteBuffer.wrap(buffer, from + 2, bytes);
            length = bytes == Short.BYTES ? number.getShort() & 0xFFFF : number.getLong();
            from += bytes;
        }
        from += 2;
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw violation("a message of " + Long.toUnsignedString(length) + " bytes");
        }
        if (opcode >= CLOSE) {
            return control(opcode, last, (int) length);
        }
        data(opcode, last, (int) length);
        return true;
    }

    private void data(int opcode, boolean last, int length) throws IOException {
        if (opcode > BINARY || opcode == CONTINUATION != (pieces != null)) {
            throw violation("a frame of kind " + opcode + " out of place");
        }
        if (opcode == TEXT) {
            throw violation("a text message");
        }
        if (last && opcode == BINARY) {
            pass(length, new byte[Integer.BYTES]);
            payloadLeft = length;
            return;
        }
        piece(length);
        if (last && pieces != null) {
            pass(piecesBytes, Arrays.copyOf(pieces, Integer.BYTES + piecesBytes));
            pieces = null;
        }
    }

    /** Puts a length in front of {@code bytes}, which are next to be passed on. */
    private void pass(int length, byte[] bytes) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[i] = (byte) (length >>> Byte.SIZE * i);
        }
        ready = bytes;
        readyFrom = 0;
    }

    /** Adds a piece of a message. Memory grows with what has come, not with what was announced. */
    private void piece(int length) throws IOException {
        byte[] all = pieces;
        if (all == null) {
            all = new byte[Integer.BYTES];
            piecesBytes = 0;
        }
        if (length > maxMessageBytes - piecesBytes) {
            throw violation("a message of more than " + maxMessageBytes + " bytes in pieces");
        }
        int left = length;
        while (left > 0) {
            int at = Integer.BYTES + piecesBytes;
            if (at == all.length) {
                all = Arrays.copyOf(all, (int) Math.min(Integer.BYTES + (long) maxMessageBytes, 2L * all.length));
            }
            int count = payload(all, at, Math.min(left, all.length - at));
            left -= count;
            piecesBytes += count;
        }
        pieces = all;
    }

    private boolean control(int opcode, boolean last, int length) throws IOException {
        if (!last || length > MAX_CONTROL_BYTES || opcode > PONG) {
            throw violation("a control frame that is too long or unknown");
        }
        fill(length);
        byte[] payload = Arrays.copyOfRange(buffer, from, from + length);
        from += length;
        if (opcode == PING) {
            ping(payload);
        } else if (opcode == CLOSE) {
            if (length == 1) {
                throw violation("half a code in a Close");
            }
            closed(payload);
            return false;
        }
        return true;
    }

    private void ping(byte[] payload) throws IOException {
        if (wake == null) {
            earlyPings++;
            if (earlyPings > MAX_EARLY_PINGS) {
                throw violation("too many pings in a handshake");
            }
        }
        answer(PONG, payload);
    }

    private void answer(int opcode, byte[] payload) throws IOException {
        control = new Control(opcode, payload);
        Runnable writer = wake;
        if (writer == null) {
            sendControl();
        } else {
            writer.run();
        }
    }

    /** Answers a Close, waits for the end of the connection, and throws if the Close names a reason. */
    private void closed(byte[] payload) throws IOException {
        int code = payload.length < CODE_BYTES ? NONE : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        String text = payload.length < CODE_BYTES
                ? ""
                : new String(payload, CODE_BYTES, payload.length - CODE_BYTES, StandardCharsets.UTF_8);
        try {
            answer(CLOSE, Arrays.copyOf(payload, Math.min(payload.length, CODE_BYTES)));
            startTimeout.accept(LAST_NANOS);
            while (below.read(buffer, 0, buffer.length) >= 0) {
                // What comes behind a Close means nothing.
            }
        } catch (IOException e) {
            // The link ends here in any case.
        }
        switch (code) {
            case NORMAL, 1001, NONE -> {
                // an end in good order
            }
            case 1002, 1003, 1007 -> throw new CloseReceived(new Close(CloseCode.VIOLATION.code(), 0, text));
            case 1009 -> throw new CloseReceived(new Close(CloseCode.FRAME_TOO_LARGE.code(), 0, text));
            default -> {
                if (code >= FIRST_OWN && code <= LAST_OWN) {
                    throw new CloseReceived(new Close(code - FIRST_OWN, 0, text));
                }
                throw new IOException(
                        "the server closed the WebSocket with code " + code + ": " + CloseCodes.printable(text));
            }
        }
    }

    /** Waits until so many bytes are in the buffer. */
    private void fill(int count) throws IOException {
        if (BUFFER_BYTES - from < count) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        while (to - from < count) {
            int n = below.read(buffer, to, BUFFER_BYTES - to);
            if (n < 0) {
                throw new IOException("the connection ended without the end of the WebSocket");
            }
            to += n;
        }
    }

    private static ProtocolViolationException violation(String what) {
        return new ProtocolViolationException("the server's WebSocket sent " + what, null);
    }

    // ---- for the thread that writes

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        sendControl();
        if (closeSent) {
            throw new IOException("the server has closed the WebSocket");
        }
        return output.write(bytes);
    }

    @Override
    public void shutdownOutput() throws IOException {
        sendControl();
        if (closeSent) {
            return;
        }
        if (output.isBetweenMessages()) {
            closeSent = true;
            output.control(CLOSE, new byte[] {(byte) (NORMAL >>> Byte.SIZE), (byte) NORMAL});
        } else {
            below.shutdownOutput();
        }
    }

    @Override
    public boolean hasControl() {
        return control != null && !closeSent || below.hasControl();
    }

    @Override
    public void sendControl() throws IOException {
        below.sendControl();
        Control waiting = control;
        if (waiting != null && !closeSent && output.isBetweenMessages()) {
            control = null;
            closeSent = waiting.opcode() == CLOSE;
            output.control(waiting.opcode(), waiting.payload());
        }
    }

    @Override
    public void onControl(Runnable wakeWriter) {
        below.onControl(wakeWriter);
        wake = wakeWriter;
    }
}
