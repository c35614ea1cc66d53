package net.voltlane.server.link;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * The empty {@link KeptFrames} of one loop. A link takes one when it has something to keep, and gives it back as soon as
 * nothing is left. So an idle client takes up none, and a packet leaves no garbage. Belongs to its loop.
 */
public final class KeptFramesPool {
    /** The empty ones that stay at most: about 300 KiB. */
    static final int MOST_EMPTY = 4096;

    private final ByteBufAllocator allocator;
    private final MemoryAccount account;
    private final ArrayDeque<KeptFrames> empty = new ArrayDeque<>();

    public KeptFramesPool(ByteBufAllocator allocator, MemoryAccount account) {
        this.allocator = allocator;
        this.account = account;
    }

    /** @param first the number of the first frame that will be kept */
    public KeptFrames take(long first) {
        KeptFrames taken = empty.pollLast(); // the one that was used last is still in the processor's cache
        if (taken == null) {
            return new KeptFrames(allocator, account, first);
        }
        taken.beginAt(first);
        return taken;
    }

    /** @param kept without frames; no longer the caller's */
    public void giveBack(KeptFrames kept) {
        assert kept.isEmpty() && kept.chargedBytes() == 0 : "gives back frames as well";
        if (empty.size() < MOST_EMPTY) {
            empty.addLast(kept);
        }
    }
}
