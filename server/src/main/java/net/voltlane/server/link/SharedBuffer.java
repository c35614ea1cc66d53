package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that is used over and over. All links of a loop read into one, and a loop queue packs its batches into one. So
 * an idle link holds no buffer, and the memory stays in the processor's cache. If a part of it is still kept, the next
 * user gets a new buffer. Belongs to one loop; parts may be kept on another.
 */
public final class SharedBuffer {
    private final ByteBufAllocator allocator;
    private final int sizeBytes;
    private @Nullable ByteBuf buffer;

    public SharedBuffer(ByteBufAllocator allocator, int sizeBytes) {
        this.allocator = allocator;
        this.sizeBytes = sizeBytes;
    }

    /** Takes the buffer, empty. The caller releases it. */
    public ByteBuf take() {
        ByteBuf current = buffer;
        if (current == null || current.refCnt() > 1) {
            if (current != null) {
                current.release(); // freed with the last part that is kept
            }
            current = allocator.directBuffer(sizeBytes, sizeBytes);
            buffer = current;
        }
        return current.clear().retain();
    }

    /** Frees the buffer. It is not taken again. */
    public void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
