package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Frame;

/** Steps over whole frames that lie one behind the other in a buffer. */
final class Frames {
    private Frames() {}

    /** The index at which the frame that begins at {@code index} ends. */
    static int end(ByteBuf buf, int index) {
        return index + Frame.PREFIX_BYTES + buf.getIntLE(index);
    }

    /** The index at which the last of the frames ends that fit into {@code maxBytes}: at least one frame. */
    static int endOfRun(ByteBuf buf, int index, int maxBytes) {
        return endOfRun(buf, index, buf.writerIndex(), maxBytes);
    }

    /** As {@link #endOfRun(ByteBuf, int, int)}, for frames that end at {@code limit}. */
    static int endOfRun(ByteBuf buf, int index, int limit, int maxBytes) {
        int end = end(buf, index);
        while (end < limit) {
            int next = end(buf, end);
            if (next - index > maxBytes) {
                break;
            }
            end = next;
        }
        return end;
    }
}
