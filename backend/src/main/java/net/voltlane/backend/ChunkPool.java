package net.voltlane.backend;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A pool of unused chunks of one {@link Outbox}. Guarded by the outbox's lock. */
final class ChunkPool {
    private static final int MAX_CHUNKS = 16;

    private final int chunkBytes;
    private final ArrayDeque<Chunk> unused = new ArrayDeque<>();

    /** @param chunkBytes the size of a pooled chunk; a chunk for a longer frame is not pooled */
    ChunkPool(int chunkBytes) {
        this.chunkBytes = chunkBytes;
    }

    /** Returns an empty chunk with room for a frame. */
    Chunk take(int frameBytes) {
        @Nullable Chunk chunk = frameBytes <= chunkBytes ? unused.pollLast() : null;
        return chunk != null ? chunk : new Chunk(Math.max(frameBytes, chunkBytes));
    }

    /** Takes a chunk back, unless it is too large or the pool is full. */
    void recycle(Chunk chunk) {
        if (chunk.capacity() == chunkBytes && unused.size() < MAX_CHUNKS) {
            chunk.clear();
            unused.add(chunk);
        }
    }

    void clear() {
        unused.clear();
    }
}
