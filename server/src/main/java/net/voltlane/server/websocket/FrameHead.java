package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The head of a client's frame (RFC 6455, section 5.2). One object for each connection, which is read into again and
 * again. Belongs to the connection's loop.
 *
 * <pre>
 *   1            1             0, 2 or 8        4
 *   FIN|RSV|type mask|length   longer length    key       payload…
 * </pre>
 */
final class FrameHead {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int FIN = 0x80;
    static final int RESERVED = 0x70;
    static final int TYPE = 0x0F;
    static final int MASKED = 0x80;
    static final int LENGTH = 0x7F;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;
    /** The longest payload of a control frame. */
    static final int MAX_CONTROL_BYTES = 125;

    private static final int FIXED_BYTES = 2;
    private static final int KEY_BYTES = 4;
    private static final int MAX_16 = 0xFFFF;

    /** The head is not there yet. */
    static final int INCOMPLETE = -1;

    private boolean isFinal;
    private int type;
    private long length;
    private int key;
    private @Nullable MessageFault fault;

    /**
     * Reads a head.
     *
     * @return the index of the payload; {@link #INCOMPLETE} if bytes are missing, or if there is a {@linkplain #fault fault}
     */
    int read(ByteBuf in, int index, int end) {
        if (end - index < FIXED_BYTES) {
            return INCOMPLETE;
        }
        int first = in.getByte(index);
        int second = in.getByte(index + 1);
        int shortLength = second & LENGTH;
        isFinal = (first & FIN) != 0;
        type = first & TYPE;
        if ((first & RESERVED) != 0 || type > BINARY && type < CLOSE || type > PONG) {
            return fails(MessageFault.RESERVED);
        } else if ((second & MASKED) == 0) {
            return fails(MessageFault.UNMASKED);
        } else if (type == TEXT) {
            return fails(MessageFault.TEXT);
        } else if (isControl() && (!isFinal || shortLength > MAX_CONTROL_BYTES)) {
            return fails(MessageFault.CONTROL);
        }
        return lengthAndKey(in, index + FIXED_BYTES, end, shortLength);
    }

    private int lengthAndKey(ByteBuf in, int index, int end, int shortLength) {
        int lengthBytes = shortLength < LENGTH_16 ? 0 : shortLength == LENGTH_16 ? Short.BYTES : Long.BYTES;
        if (end - index < lengthBytes + KEY_BYTES) {
            return INCOMPLETE;
        }
        if (lengthBytes == 0) {
            length = shortLength;
        } else if (lengthBytes == Short.BYTES) {
            length = in.getUnsignedShort(index);
        } else {
            length = in.getLong(index);
        }
        if (lengthBytes == Short.BYTES && length < LENGTH_16 || lengthBytes == Long.BYTES && length <= MAX_16) {
            return fails(MessageFault.LENGTH); // a negative one is over 2^63
        }
        key = in.getIntLE(index + lengthBytes);
        return index + lengthBytes + KEY_BYTES;
    }

    /** The last frame of its message. */
    boolean isFinal() {
        return isFinal;
    }

    int type() {
        return type;
    }

    /** The length of the payload. */
    long length() {
        return length;
    }

    /** The key of the mask, as {@link Mask#copy} takes it. */
    int key() {
        return key;
    }

    /** The fault in the head; null if there is none. */
    @Nullable
    MessageFault fault() {
        return fault;
    }

    boolean isControl() {
        return type >= CLOSE;
    }

    private int fails(MessageFault why) {
        fault = why;
        return INCOMPLETE;
    }
}
