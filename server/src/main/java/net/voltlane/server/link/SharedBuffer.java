package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One buffer that is used over and over: what all links of a loop read into, one after the other, or what a lane packs
 * its batches into. An idle link holds none, and the memory stays in the processor's cache. Where a user of it has kept
 * a part, the next taker gets a new one. Belongs to one loop; its users may be on another.
 */
public final class SharedBuffer {
    private final ByteBufAllocator allocator;
    private final int sizeBytes;
    private @Nullable ByteBuf buffer;

    public SharedBuffer(ByteBufAllocator allocator, int sizeBytes) {
        this.allocator = allocator;
        this.sizeBytes = sizeBytes;
    }

    /** The buffer, empty; the caller releases it. */
    ByteBuf take() {
        ByteBuf current = buffer;
        if (current == null || current.refCnt() > 1) {
            if (current != null) {
                current.release(); // whoever keeps parts of it frees it
            }
            current = allocator.directBuffer(sizeBytes, sizeBytes);
            buffer = current;
        }
        return current.clear().retain();
    }

    /** Gives the buffer back; nothing is taken any more. */
    public void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
