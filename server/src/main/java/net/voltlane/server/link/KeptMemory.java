package net.voltlane.server.link;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of packets that one loop keeps for clients, as a part of the whole server's budget. Belongs to its loop, but
 * for {@link #bytes}.
 */
public final class KeptMemory implements MemoryAccount {
    private final MemoryBudget budget;
    private final AtomicLong bytes = new AtomicLong();

    public KeptMemory(MemoryBudget budget) {
        this.budget = budget;
    }

    @Override
    public void charge(long more) {
        bytes.setOpaque(bytes.getPlain() + more);
        budget.charge(more);
    }

    /** The bytes that are kept. Any thread. */
    public long bytes() {
        return bytes.getOpaque();
    }
}
