package net.voltlane.client;

import java.io.IOException;
import java.util.Arrays;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A reader that cuts a stream into frames. It allocates memory for bytes that have arrived, not for a length that was
 * announced: the array of a long frame grows as the frame comes in. For one thread.
 */
final class FrameReader {

    /** A stream of bytes, as {@link java.io.InputStream#read(byte[], int, int)}. */
    @FunctionalInterface
    interface Source {
        int read(byte[] into, int offset, int length) throws IOException;
    }

    /** The most bytes of one read: many small frames, or a piece of a long one. */
    static final int BUFFER_BYTES = 16 * 1024;

    private final Source source;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;

    FrameReader(Source source) {
        this.source = source;
    }

    /** The result of {@link #peekType} at the end of the stream. */
    static final int END = -1;

    /**
     * Waits for the first byte of the next frame's payload, and leaves the frame where it is.
     *
     * @return 0 to 255; {@link #END} at the end of the stream
     * @throws ProtocolViolationException if the frame is empty
     */
    int peekType() throws IOException {
        if (!await(Frame.PREFIX_BYTES)) {
            return END;
        }
        if (Frame.length(buffer, from) == 0) {
            throw new ProtocolViolationException("an empty frame came", null);
        }
        return await(Frame.PREFIX_BYTES + 1) ? buffer[from + Frame.PREFIX_BYTES] & 0xFF : END;
    }

    /**
     * Waits for the next frame, and leaves out its type byte. To be called after {@link #peekType}.
     *
     * @param maxBytes the longest payload that is accepted, without the type byte
     * @return as {@link #next}
     * @throws ProtocolViolationException as {@link #next}
     */
    byte @Nullable [] nextBody(int maxBytes) throws IOException {
        int length = Frame.length(buffer, from) - 1;
        refuseOverLimit(length, maxBytes);
        return payload(length, Frame.PREFIX_BYTES + 1);
    }

    /**
     * Waits for the next frame.
     *
     * @param maxBytes the longest payload that is accepted
     * @return the payload, a fresh array; null at the end of the stream, even in the middle of a frame
     * @throws ProtocolViolationException if the frame is longer; the stream can't be read any further
     */
    byte @Nullable [] next(int maxBytes) throws IOException {
        if (!await(Frame.PREFIX_BYTES)) {
            return null;
        }
        int length = Frame.length(buffer, from);
        refuseOverLimit(length, maxBytes);
        return payload(length, Frame.PREFIX_BYTES);
    }

    private static void refuseOverLimit(int length, int maxBytes) throws ProtocolViolationException {
        if (Frame.isOverLimit(length, maxBytes)) {
            throw new ProtocolViolationException(
                    "a frame of " + Integer.toUnsignedString(length) + " bytes came (limit: " + maxBytes + ")", null);
        }
    }

    private byte @Nullable [] payload(int length, int headerBytes) throws IOException {
        if (length > BUFFER_BYTES - headerBytes) {
            from += headerBytes;
            return longPayload(length);
        }
        if (!await(headerBytes + length)) {
            return null;
        }
        int start = from + headerBytes;
        from = start + length;
        return Arrays.copyOfRange(buffer, start, from);
    }

    /** Reads until {@code count} bytes are in the buffer. Returns false if the stream ends first. */
    private boolean await(int count) throws IOException {
        if (BUFFER_BYTES - from < count || from == to) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        while (to - from < count) {
            int n = source.read(buffer, to, BUFFER_BYTES - to);
            if (n < 0) {
                return false;
            }
            to += n;
        }
        return true;
    }

    private byte @Nullable [] longPayload(int length) throws IOException {
        byte[] payload = new byte[Math.min(length, 2 * BUFFER_BYTES)];
        int filled = to - from;
        System.arraycopy(buffer, from, payload, 0, filled);
        from = to;
        while (filled < length) {
            if (filled == payload.length) {
                payload = Arrays.copyOf(payload, (int) Math.min(length, 2L * filled));
            }
            // Reads in pieces, because the JDK keeps a buffer outside the heap that is as long as the longest read.
            int n = source.read(payload, filled, Math.min(payload.length - filled, BUFFER_BYTES));
            if (n < 0) {
                return null;
            }
            filled += n;
        }
        return payload;
    }
}
