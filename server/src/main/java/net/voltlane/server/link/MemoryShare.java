package net.voltlane.server.link;

/**
 * What one peer holds that no session could free: up to a bound it is charged like anything else; what is over that is
 * held, and {@linkplain MemoryBudget#hold nobody else's memory is short for it}. Belongs to one loop.
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
