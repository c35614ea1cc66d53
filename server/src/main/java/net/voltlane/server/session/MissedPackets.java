package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.link.Chain;
import net.voltlane.server.link.MemoryAccount;

/**
 * The store of a version-2 client: first the leftovers of its last link, then the packets that came meanwhile. Leftovers
 * count against no bound, nor do packets that came when the next link was there already. Belongs to the session loop.
 */
final class MissedPackets extends Undelivered {
    private static final ClientProtocol PROTOCOL = Version2.PROTOCOL;

    private final MemoryAccount account;
    private final Chain leftovers;
    private final Chain kept;
    private long countedPackets;
    private long countedBytes;
    private long chargedBytes;

    MissedPackets(ByteBufAllocator allocator, MemoryAccount account) {
        this.account = account;
        leftovers = new Chain(allocator);
        kept = new Chain(allocator);
    }

    @Override
    void giveBack(List<ByteBuf> frames, LinkFacts link) {
        frames.forEach(leftovers::add);
        charge();
    }

    @Override
    boolean hasRoomFor(int payloadBytes, SessionSettings settings) {
        return PROTOCOL.bounds(settings).admits(countedPackets, countedBytes, PROTOCOL.prefixBytes() + payloadBytes);
    }

    @Override
    void keep(ByteBuf buf, int index, int length) {
        keepForNextLink(buf, index, length);
        countedPackets++;
        countedBytes += PROTOCOL.prefixBytes() + length;
    }

    @Override
    void keepForNextLink(ByteBuf buf, int index, int length) {
        PROTOCOL.write(kept.room(PROTOCOL.prefixBytes() + length), buf, index, length);
        charge();
    }

    @Override
    List<ByteBuf> take() {
        List<ByteBuf> all = new ArrayList<>(leftovers.takeAll());
        all.addAll(kept.takeAll());
        countedPackets = 0;
        countedBytes = 0;
        charge();
        return all;
    }

    @Override
    long packets() {
        return countedPackets;
    }

    @Override
    long missed() {
        return countedPackets;
    }

    @Override
    long bytes() {
        return countedBytes;
    }

    @Override
    long heldBytes() {
        return chargedBytes;
    }

    private void charge() {
        long now = leftovers.bytes() + kept.bytes();
        account.charge(now - chargedBytes);
        chargedBytes = now;
    }
}
