package net.voltlane.server.link;

/**
 * An account for memory that the end of a session would not free, such as packets that wait for the master. Up to its
 * bound it is charged to the budget. Memory beyond the bound is only {@linkplain MemoryBudget#hold noted}, so that no
 * session ends for it. Belongs to one loop.
 */
public final class MemoryShare implements MemoryAccount {
    private final Owner owner;
    private final MemoryBudget budget;
    private long boundBytes;
    private long heldBytes;

    public MemoryShare(Owner owner, MemoryBudget budget, long boundBytes) {
        this.owner = owner;
        this.budget = budget;
        this.boundBytes = boundBytes;
    }

    /** Changes the bound, and charges what is held already by it. */
    public void bound(long bytes) {
        assert owner.isCurrent() : "belongs to one loop";
        long more = Math.min(heldBytes, bytes) - Math.min(heldBytes, boundBytes);
        boundBytes = bytes;
        budget.hold(-more);
        budget.charge(more);
    }

    @Override
    public void charge(long bytes) {
        assert owner.isCurrent() : "belongs to one loop";
        long charged = Math.min(heldBytes, boundBytes);
        heldBytes += bytes;
        assert heldBytes >= 0 : "released more than was charged";
        long more = Math.min(heldBytes, boundBytes) - charged;
        budget.hold(bytes - more);
        budget.charge(more);
    }
}
