package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The buffer that all links of one loop read into, one after the other: an idle link holds none. When the reader of it
 * has kept a slice, the next read gets a new buffer. Belongs to one loop.
 */
public final class SharedReadBuffer {
    private final ByteBufAllocator allocator;
    private final int sizeBytes;
    private @Nullable ByteBuf buffer;

    public SharedReadBuffer(ByteBufAllocator allocator, int sizeBytes) {
        this.allocator = allocator;
        this.sizeBytes = sizeBytes;
    }

    /** An empty buffer to read into; the caller releases it. */
    ByteBuf take() {
        ByteBuf current = buffer;
        if (current == null || current.refCnt() > 1) {
            if (current != null) {
                current.release(); // whoever keeps slices of it frees it
            }
            current = allocator.directBuffer(sizeBytes, sizeBytes);
            buffer = current;
        }
        return current.clear().retain();
    }

    /** Gives the buffer back; the loop reads no more. */
    public void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
