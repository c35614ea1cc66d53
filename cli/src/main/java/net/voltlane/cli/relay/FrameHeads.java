package net.voltlane.cli.relay;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.voltlane.protocol.Frame;

/** Finds the frames in a row of bytes, and keeps only the first bytes of each. */
final class FrameHeads {

    /** Enough for the fields that a {@link Tap} reads. */
    static final int HEAD_BYTES = 64;

    /** Hears of each frame. */
    interface Listener {

        /**
         * A frame has come to its end.
         *
         * @param head the first bytes of its payload, little-endian, from position 0; good until the method returns
         * @param payloadBytes its length
         */
        void frame(ByteBuffer head, int payloadBytes);
    }

    private final Listener listener;
    private final byte[] prefix = new byte[Frame.PREFIX_BYTES];
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int prefixBytes;
    private int length;
    private int missing;

    FrameHeads(Listener listener) {
        this.listener = listener;
    }

    /** Takes the next bytes of the row. */
    void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (prefixBytes < Frame.PREFIX_BYTES) {
                prefix[prefixBytes++] = bytes.get();
                if (prefixBytes < Frame.PREFIX_BYTES) {
                    continue;
                }
                length = Frame.length(prefix, 0);
                if (length < 0) {
                    throw new IndexOutOfBoundsException("a frame of " + Integer.toUnsignedString(length) + " bytes");
                }
                missing = length;
                head.clear();
            } else {
                int count = Math.min(missing, bytes.remaining());
                int kept = Math.min(count, head.remaining());
                head.put(bytes.duplicate().limit(bytes.position() + kept));
                bytes.position(bytes.position() + count);
                missing -= count;
            }
            if (missing == 0) {
                prefixBytes = 0;
                listener.frame(head.flip(), length);
            }
        }
    }
}
