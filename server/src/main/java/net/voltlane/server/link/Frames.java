package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Frame;

/** Walking over whole frames that stand one behind the other in a buffer. */
final class Frames {
    private Frames() {}

    /** Where the frame that begins at {@code index} ends. */
    static int end(ByteBuf buf, int index) {
        return index + Frame.PREFIX_BYTES + buf.getIntLE(index);
    }
}
