package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.link3.FrameType;

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

    /** Sets the frame at {@code index}, without moving an index. */
    static void set(ByteBuf buf, int index, long packets) {
        buf.setIntLE(index, PAYLOAD_BYTES);
        buf.setByte(index + Frame.PREFIX_BYTES, FrameType.ACK);
        buf.setLongLE(index + Frame.PREFIX_BYTES + 1, packets);
    }

    /** The number in a payload that begins at {@code index}. */
    static long packets(ByteBuf buf, int index) {
        return buf.getLongLE(index + 1);
    }
}
