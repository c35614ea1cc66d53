package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.Chain;
import net.voltlane.server.link.MemoryBudget;

/**
 * What a session's client has missed, as frames ready for its next link: first the leftovers of the last one, then what
 * came meanwhile. Leftovers count against no bound, nor does what came when the next link was there already. Belongs to
 * the session loop.
 */
final class MissedPackets {
    private final MemoryBudget budget;
    private final Chain leftovers;
    private final Chain kept;
    private long keptPackets;
    private long keptBytes;
    private long chargedBytes;

    MissedPackets(ByteBufAllocator allocator, MemoryBudget budget) {
        this.budget = budget;
        leftovers = new Chain(allocator);
        kept = new Chain(allocator);
    }

    /** Packets that came while there was no link. */
    long keptPackets() {
        return keptPackets;
    }

    /** Their bytes, prefixes included. */
    long keptBytes() {
        return keptBytes;
    }

    /** Bytes held in all. */
    long heldBytes() {
        return chargedBytes;
    }

    /** Takes what the last link gave back. */
    void leftovers(List<ByteBuf> frames) {
        frames.forEach(leftovers::add);
        charge();
    }

    /** Copies a packet that came while there was no link. */
    void keep(ByteBuf buf, int index, int length) {
        keepUncounted(buf, index, length);
        keptPackets++;
        keptBytes += Frame.PREFIX_BYTES + length;
    }

    /** Copies a packet that came while the next link waited for the last one: should it be lost, a leftover of it. */
    void keepUncounted(ByteBuf buf, int index, int length) {
        kept.room(Frame.PREFIX_BYTES + length).writeIntLE(length).writeBytes(buf, index, length);
        charge();
    }

    /** Everything, in order; nothing is left. The caller releases it. */
    List<ByteBuf> take() {
        List<ByteBuf> all = new ArrayList<>(leftovers.takeAll());
        all.addAll(kept.takeAll());
        keptPackets = 0;
        keptBytes = 0;
        charge();
        return all;
    }

    void release() {
        take().forEach(ByteBuf::release);
    }

    private void charge() {
        long now = leftovers.bytes() + kept.bytes();
        budget.charge(now - chargedBytes);
        chargedBytes = now;
    }
}
