package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.server.link.KeptFrames;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.SendQueue;

/**
 * The bytes of an acknowledgement of version 3, which is read and written too often for an object.
 *
 * <pre>
 *  byte   0               4      5                              13
 *       +---------------+------+-------------------------------+
 *       |   9, as u32   |  01  |  data packets in all, u64     |
 *       +---------------+------+-------------------------------+
 * </pre>
 */
final class AckFrame {
    /** The length of the payload: what is behind it is ignored. */
    static final int PAYLOAD_BYTES = 1 + Long.BYTES;
    /** The length of the whole frame. */
    static final int BYTES = Frame.PREFIX_BYTES + PAYLOAD_BYTES;

    private AckFrame() {}

    /** Writes the frame to {@code out}, and returns that. */
    static ByteBuf write(ByteBuf out, long packets) {
        return out.writeIntLE(PAYLOAD_BYTES).writeByte(FrameType.ACK).writeLongLE(packets);
    }

    /**
     * Sends the frames that were kept last, with an acknowledgement in the free room behind them, for a moment. Returns
     * false if that can't be done.
     *
     * @param length the bytes of these frames
     * @param packets the number in the acknowledgement
     */
    static boolean sendBehind(KeptFrames frames, SendQueue queue, int length, long packets) {
        ByteBuf chunk = frames.lastChunk();
        if (chunk == null || chunk.readableBytes() < length || chunk.writableBytes() < BYTES) {
            return false;
        }
        int end = chunk.writerIndex();
        queue.send(write(chunk, packets), end - length, length + BYTES);
        chunk.writerIndex(end);
        if (queue.isFull() && length + BYTES >= LoopQueue.SLICE_BYTES) {
            frames.closeLastChunk(); // the queue keeps a slice of it, with the acknowledgement
        }
        return true;
    }

    /**
     * Puts the frame before everything that waits for the socket, or replaces one that waits there: if it stood behind
     * packets, a newer one could overtake it.
     */
    static void add(SendQueue queue, ByteBufAllocator allocator, long packets) {
        ByteBuf first = queue.firstUncounted();
        if (first != null && isAck(first)) {
            first.setLongLE(first.writerIndex() - Long.BYTES, packets);
            return;
        }
        ByteBuf frame = write(allocator.directBuffer(BYTES), packets);
        if (queue.isEmpty()) {
            queue.add(frame);
        } else {
            queue.addUncounted(frame, true);
        }
    }

    private static boolean isAck(ByteBuf frames) {
        return frames.readableBytes() == BYTES
                && frames.getByte(frames.readerIndex() + Frame.PREFIX_BYTES) == FrameType.ACK;
    }

    /** The number in a payload that begins at {@code index}. */
    static long packets(ByteBuf buf, int index) {
        return buf.getLongLE(index + 1);
    }
}
