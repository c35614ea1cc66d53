package net.voltlane.server.link;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * The empty {@link KeptFrames} of one loop. A link takes one when it has something to keep, and gives it back as soon as
 * nothing is left. So an idle client takes up none, and a packet leaves no garbage. Those that were not needed for some
 * sweeps are dropped. An empty one may have its last chunk still, if that is small, for the next frame. Belongs to its
 * loop.
 */
public final class KeptFramesPool {
    /** The empty ones that stay at most, each with a chunk of 1 KiB or less. */
    static final int MOST_EMPTY = 4096;
    /** The part of those not needed since the last sweep that is dropped. */
    private static final int DROPPED_PART = 4;

    private final ByteBufAllocator allocator;
    private final MemoryAccount account;
    private final ArrayDeque<KeptFrames> empty = new ArrayDeque<>();
    /** The fewest that there were since the last sweep: so many were not needed. */
    private int fewest;

    public KeptFramesPool(ByteBufAllocator allocator, MemoryAccount account) {
        this.allocator = allocator;
        this.account = account;
    }

    /** @param first the number of the first frame that will be kept */
    public KeptFrames take(long first) {
        KeptFrames taken = empty.pollLast(); // the one that was used last is still in the processor's cache
        if (taken == null) {
            return new KeptFrames(allocator, account, first, true);
        }
        fewest = Math.min(fewest, empty.size());
        taken.beginAt(first);
        return taken;
    }

    /** @param kept without frames; no longer the caller's */
    public void giveBack(KeptFrames kept) {
        assert kept.isEmpty() && kept.chargedBytes() == 0 : "gives back frames as well";
        if (empty.size() < MOST_EMPTY) {
            empty.addLast(kept);
        } else {
            kept.dropSpare();
        }
    }

    /** Drops some of those that were not needed since the last sweep. */
    public void sweep() {
        for (int drop = (fewest + DROPPED_PART - 1) / DROPPED_PART; drop > 0; drop--) {
            empty.removeFirst().dropSpare();
        }
        fewest = empty.size();
    }

    /** Drops all: the loop has ended. */
    public void release() {
        empty.forEach(KeptFrames::dropSpare);
        empty.clear();
        fewest = 0;
    }
}
