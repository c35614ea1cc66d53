package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import net.voltlane.server.link.MemoryBudget;

/**
 * Input that was read before the server was ready for it. It is copied, and charged to the budget with the whole buffer
 * that holds it. Belongs to the client's loop.
 */
final class PendingInput {
    /** Input that a client may send ahead. */
    private static final int MAX_BYTES = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final MemoryBudget budget;
    private ByteBuf kept;
    private int chargedBytes;

    PendingInput(ByteBufAllocator allocator, MemoryBudget budget) {
        this(allocator, budget, Unpooled.EMPTY_BUFFER);
    }

    /** @param first the input so far, now this object's */
    PendingInput(ByteBufAllocator allocator, MemoryBudget budget, ByteBuf first) {
        this.allocator = allocator;
        this.budget = budget;
        kept = first;
        charge();
    }

    /** Appends a copy of the readable bytes of {@code in}. */
    void keep(ByteBuf in) {
        if (!kept.isReadable()) {
            kept.release();
            kept = allocator.directBuffer(in.readableBytes());
        }
        kept.writeBytes(in);
        charge();
    }

    boolean isEmpty() {
        return !kept.isReadable();
    }

    /** True if this is more than honest clients send ahead. Only reads that could not be held back bring so much. */
    boolean isTooMuch() {
        return kept.readableBytes() > MAX_BYTES;
    }

    /** Returns all of it, now the caller's. It stays charged until {@link #charge} or {@link #release}. */
    ByteBuf take() {
        ByteBuf all = kept;
        kept = Unpooled.EMPTY_BUFFER;
        return all;
    }

    /** Drops all of it. */
    void release() {
        kept.release();
        kept = Unpooled.EMPTY_BUFFER;
        charge();
    }

    /** Charges the budget for the input that is here now, and no longer for input that was taken. */
    void charge() {
        int now = kept.capacity();
        budget.charge(now - chargedBytes);
        chargedBytes = now;
    }

    int chargedBytes() {
        return chargedBytes;
    }
}
