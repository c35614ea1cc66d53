package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import net.voltlane.server.link.MemoryBudget;

/**
 * What a client has sent before its turn to be heard: kept, and charged to the budget with all that it takes up.
 * Belongs to the client's loop.
 */
final class PendingInput {
    /** What may come behind a handshake before it is done. */
    private static final int MAX_BYTES = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final MemoryBudget budget;
    private ByteBuf kept;
    private int chargedBytes;

    PendingInput(ByteBufAllocator allocator, MemoryBudget budget) {
        this(allocator, budget, Unpooled.EMPTY_BUFFER);
    }

    /** Takes over what is there already. */
    PendingInput(ByteBufAllocator allocator, MemoryBudget budget, ByteBuf first) {
        this.allocator = allocator;
        this.budget = budget;
        kept = first;
        charge();
    }

    /** Copies what {@code in} still has behind what is there. */
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

    /** More than honest clients send ahead: only one whose reads could not be held back comes so far. */
    boolean isTooMuch() {
        return kept.readableBytes() > MAX_BYTES;
    }

    /** Hands all of it over, to be heard now; it stays charged until {@link #charge} or {@link #release}. */
    ByteBuf take() {
        ByteBuf all = kept;
        kept = Unpooled.EMPTY_BUFFER;
        return all;
    }

    void release() {
        kept.release();
        kept = Unpooled.EMPTY_BUFFER;
        charge();
    }

    /** Charges what is there now, no longer what was taken. */
    void charge() {
        int now = kept.capacity();
        budget.charge(now - chargedBytes);
        chargedBytes = now;
    }

    int chargedBytes() {
        return chargedBytes;
    }
}
