package net.voltlane.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * The output of a WebSocket: turns a stream of length-prefixed frames into masked messages, one for each frame, and
 * tells how much of the stream has left. A long frame goes out in pieces, in one message. For the thread that writes.
 *
 * <pre>
 *  in    [u32 length]          [payload]
 *  out   [2, 4 or 10][mask]    [payload, masked]
 * </pre>
 */
final class WebSocketOutput {

    /** A batch of the writer fits, unless its packets are very short. */
    private static final int OUT_BYTES = 18 * 1024;

    private static final int PREFIX_BYTES = Integer.BYTES;
    private static final int MASK_BYTES = Integer.BYTES;
    /** The longest header, with the mask. */
    private static final int MAX_HEADER_BYTES = 10 + MASK_BYTES;

    private static final int FINAL_BINARY = 0x82;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT = 126;
    private static final int LONG = 127;

    private static final int RANDOM_BYTES = 512;

    private final Wire below;
    private final SecureRandom random;
    private final ByteBuffer masks = ByteBuffer.allocate(RANDOM_BYTES).flip();
    private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES).flip();

    /** The place in the stream up to which {@link #out} was filled. */
    private final Place filled = new Place();
    /** The place in the stream up to which everything was taken. */
    private final Place taken = new Place();

    private int mask;

    WebSocketOutput(Wire below, SecureRandom random) {
        this.below = below;
        this.random = random;
    }

    /** A place in the stream, and in the output that it becomes. */
    private static final class Place {
        /** The bytes of the length that are there, while not all are. */
        int prefixBytes;

        int length;
        /** The bytes of the header that are not in the output yet. */
        int headerLeft;
        /** The bytes of the payload that are still to come. */
        int payloadLeft;

        boolean isBetweenMessages() {
            return prefixBytes == 0 && headerLeft == 0 && payloadLeft == 0;
        }

        /** Takes a byte of the length. Tells whether it was the last. */
        boolean prefix(byte next) {
            length = prefixBytes == 0 ? next & 0xFF : length | (next & 0xFF) << Byte.SIZE * prefixBytes;
            prefixBytes++;
            if (prefixBytes < PREFIX_BYTES) {
                return false;
            }
            prefixBytes = 0;
            payloadLeft = length;
            headerLeft = headerBytes(length);
            return true;
        }
    }

    /** As {@link Wire#write}. */
    int write(ByteBuffer bytes) throws IOException {
        if (!out.hasRemaining()) {
            fill(bytes.duplicate());
        }
        int before = out.position();
        if (out.hasRemaining()) {
            below.write(out);
        }
        int start = bytes.position();
        advance(bytes, out.position() - before);
        return bytes.position() - start;
    }

    /** Tells whether a message of another kind may go out now. */
    boolean isBetweenMessages() {
        return !out.hasRemaining() && filled.isBetweenMessages();
    }

    /** Writes a control frame, between messages. */
    void control(int opcode, byte[] payload) throws IOException {
        assert isBetweenMessages();
        out.clear();
        nextMask();
        out.put((byte) (FINAL | opcode)).put((byte) (MASKED | payload.length)).putInt(mask);
        mask(ByteBuffer.wrap(payload), payload.length);
        out.flip();
        while (out.hasRemaining()) {
            below.write(out);
        }
    }

    private void fill(ByteBuffer from) {
        out.clear();
        while (from.hasRemaining() && out.remaining() > MAX_HEADER_BYTES) {
            if (filled.payloadLeft > 0) {
                int count = Math.min(filled.payloadLeft, Math.min(from.remaining(), out.remaining()));
                mask(from, count);
                filled.payloadLeft -= count;
            } else if (filled.prefix(from.get())) {
                header(filled.length);
                filled.headerLeft = 0;
            }
        }
        out.flip();
    }

    private void header(int length) {
        nextMask();
        out.put((byte) FINAL_BINARY);
        if (length < SHORT) {
            out.put((byte) (MASKED | length));
        } else if (length <= 0xFFFF) {
            out.put((byte) (MASKED | SHORT)).putShort((short) length);
        } else {
            out.put((byte) (MASKED | LONG)).putLong(length);
        }
        out.putInt(mask);
    }

    private static int headerBytes(int length) {
        return length < SHORT ? 2 + MASK_BYTES : length <= 0xFFFF ? 4 + MASK_BYTES : MAX_HEADER_BYTES;
    }

    /** Masks so many bytes; the mask goes on where it is in the next call. */
    private void mask(ByteBuffer from, int count) {
        int left = count;
        for (; left >= Integer.BYTES; left -= Integer.BYTES) {
            out.putInt(from.getInt() ^ mask);
        }
        for (; left > 0; left--) {
            out.put((byte) (from.get() ^ mask >>> 24));
            mask = Integer.rotateLeft(mask, Byte.SIZE);
        }
    }

    private void nextMask() {
        if (!masks.hasRemaining()) {
            random.nextBytes(masks.array());
            masks.clear();
        }
        mask = masks.getInt();
    }

    /** Takes from the stream what the kernel has taken whole: a header counts with its last byte. */
    private void advance(ByteBuffer bytes, int outBytes) {
        int left = outBytes;
        while (true) {
            if (taken.headerLeft > 0) {
                int count = Math.min(taken.headerLeft, left);
                taken.headerLeft -= count;
                left -= count;
                if (taken.headerLeft > 0) {
                    return;
                }
                bytes.get();
            } else if (taken.payloadLeft > 0) {
                int count = Math.min(taken.payloadLeft, left);
                taken.payloadLeft -= count;
                left -= count;
                bytes.position(bytes.position() + count);
                if (left == 0 && count == 0) {
                    return;
                }
            } else if (left > 0 || isAheadOf(bytes)) {
                boolean isLast = taken.prefix(bytes.get());
                if (isLast) {
                    bytes.position(bytes.position() - 1); // it counts with the last byte of the header
                }
            } else {
                return;
            }
        }
    }

    /** Tells whether the bytes of an unfinished length were taken in, which become no output yet. */
    private boolean isAheadOf(ByteBuffer bytes) {
        return bytes.hasRemaining()
                && !out.hasRemaining()
                && filled.prefixBytes > 0
                && taken.prefixBytes < filled.prefixBytes;
    }
}
