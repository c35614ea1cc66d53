package net.voltlane.server.edge;

import io.netty.buffer.ByteBufAllocator;
import net.voltlane.server.link.KeptFramesPool;
import net.voltlane.server.link.MemoryBudget;

/**
 * Memory for the connections of one loop: where it comes from, and the budget of the whole server that it counts
 * against.
 *
 * @param kept for links that keep what their clients have not acknowledged
 */
record LoopMemory(ByteBufAllocator allocator, MemoryBudget budget, KeptFramesPool kept) {
    /** True while more is held than the limit: no client may join, because each brings more. */
    boolean isOverLimit() {
        return budget.heldBytes() > budget.limitBytes();
    }

    /** True while more than half of the limit is held: input that a peer's FIN forces in is no longer kept. */
    boolean isHalfUsed() {
        return budget.heldBytes() > budget.limitBytes() / 2;
    }
}
