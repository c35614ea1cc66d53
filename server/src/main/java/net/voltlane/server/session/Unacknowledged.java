package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import net.voltlane.server.link.KeptFrames;
import net.voltlane.server.link.MemoryAccount;

/**
 * The store of a version-3 client while its session has no link: all packets that the client has not acknowledged, whether
 * a socket took them or not, and those that came meanwhile. A live link keeps them itself. The bound is the same in both
 * places. Belongs to the session loop.
 */
final class Unacknowledged extends Undelivered {
    private static final ClientProtocol PROTOCOL = Version3.PROTOCOL;

    private final KeptFrames kept;
    /** Packets that came while the session had no link: the last ones. */
    private long missed;

    /** @param next the number of the packet that comes next */
    Unacknowledged(ByteBufAllocator allocator, MemoryAccount account, long next) {
        kept = new KeptFrames(allocator, account, next);
    }

    @Override
    void giveBack(List<ByteBuf> frames, LinkFacts link) {
        kept.prepend(frames);
        kept.excuseFirst(link.excused());
        assert kept.first() == link.acknowledged() + 1
                : "given back from " + kept.first() + " on, acknowledged " + link.acknowledged();
    }

    @Override
    boolean hasRoomFor(int payloadBytes, SessionSettings settings) {
        return kept.admits(PROTOCOL.bounds(settings), PROTOCOL.prefixBytes() + payloadBytes);
    }

    @Override
    boolean isOver(SessionSettings settings) {
        return kept.exceed(PROTOCOL.bounds(settings));
    }

    @Override
    boolean isMuch(SessionSettings settings, boolean isMuch) {
        return PROTOCOL.bounds(settings).areMuchUsedBy(kept.packets(), kept.bytes(), isMuch);
    }

    @Override
    void keep(ByteBuf buf, int index, int length) {
        keepForNextLink(buf, index, length);
        missed++;
    }

    @Override
    void keepForNextLink(ByteBuf buf, int index, int length) {
        PROTOCOL.write(kept.room(PROTOCOL.prefixBytes() + length), buf, index, length);
    }

    @Override
    void acknowledged(long packets) {
        kept.trim(packets);
    }

    @Override
    long excused() {
        return kept.excusedPackets();
    }

    @Override
    List<ByteBuf> take() {
        return kept.takeChunks();
    }

    @Override
    long packets() {
        return kept.packets();
    }

    @Override
    long missed() {
        return Math.min(missed, kept.packets());
    }

    @Override
    long bytes() {
        return kept.bytes();
    }

    @Override
    long heldBytes() {
        return kept.chargedBytes();
    }
}
