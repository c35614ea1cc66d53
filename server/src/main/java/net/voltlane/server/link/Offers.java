package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Makes one buffer of several, for a channel to be offered, and measures how much memory such a buffer pins. */
final class Offers {
    private static final int MAX_PARTS = 64;
    private static final int MAX_BYTES = 1024 * 1024;
    /** A codec copies everything that it is offered. */
    private static final int MAX_CODEC_BYTES = 64 * 1024;

    /** An offer that the socket does not take may pin this many times its own size, where that can be helped. */
    private static final int MOST_PINNED_FACTOR = 2;

    private Offers() {}

    /** Takes the next buffer to offer out of a chain that is not empty. The caller releases it. */
    static ByteBuf next(Channel target, Chain source, Transport transport) {
        ByteBuf first = source.poll();
        assert first != null : "nothing to offer";
        if (source.isEmpty() && (first.nioBufferCount() == 1 || canGather(target))) {
            return first;
        }
        int maxBytes = transport.allowsDirectWrites() ? MAX_BYTES : MAX_CODEC_BYTES;
        List<ByteBuf> parts = new ArrayList<>();
        int bytes = first.readableBytes();
        parts.add(first);
        while (!source.isEmpty() && parts.size() < MAX_PARTS && bytes + source.firstBytes() <= maxBytes) {
            bytes += source.firstBytes();
            parts.add(source.poll());
        }
        return gather(target, parts, bytes);
    }

    /** The rest of a buffer from {@code index} on, in a buffer of its own. */
    static ByteBuf copy(ByteBufAllocator allocator, ByteBuf buf, int index) {
        int length = buf.writerIndex() - index;
        return allocator.directBuffer(length).writeBytes(buf, index, length);
    }

    /**
     * The rest of an offer from its frame at {@code firstFrame} on, in a buffer of its own, of which as much is read as of
     * the offer. The offer is released.
     */
    static ByteBuf unpin(ByteBufAllocator allocator, ByteBuf offer, int firstFrame) {
        ByteBuf copy = copy(allocator, offer, firstFrame).skipBytes(offer.readerIndex() - firstFrame);
        offer.release();
        return copy;
    }

    /** False for io_uring, which can't write one buffer that lies in several places, and writes later. */
    static boolean canGather(Channel channel) {
        return !(channel instanceof IoUringSocketChannel);
    }

    private static ByteBuf gather(Channel channel, List<ByteBuf> parts, int bytes) {
        if (!canGather(channel)) {
            ByteBuf copy = channel.alloc().directBuffer(bytes);
            for (ByteBuf part : parts) {
                copy.writeBytes(part);
                part.release();
            }
            return copy;
        }
        CompositeByteBuf many = channel.alloc().compositeDirectBuffer(2 * MAX_PARTS);
        for (ByteBuf part : parts) {
            many.addFlattenedComponents(true, part);
        }
        return many;
    }

    /** The memory that can't be freed while the offer waits: a slice pins its whole buffer, and a codec has a copy. */
    static long pinnedBytes(ByteBuf offered, Transport transport) {
        return pinnedBytes(offered) + (transport.allowsDirectWrites() ? 0 : offered.readableBytes());
    }

    /** True if an offer pins so much more memory than its own size that a copy is better. */
    static boolean pinTooMuch(ByteBuf offered) {
        return pinnedBytes(offered) > (long) MOST_PINNED_FACTOR * offered.readableBytes();
    }

    /** The size of all buffers that {@code offered} has parts of. */
    static long pinnedBytes(ByteBuf offered) {
        ByteBuf whole = whole(offered);
        if (!(whole instanceof CompositeByteBuf)) {
            return whole.capacity();
        }
        Set<ByteBuf> wholes = Collections.newSetFromMap(new IdentityHashMap<>());
        addWholes(whole, wholes);
        long bytes = 0;
        for (ByteBuf next : wholes) {
            bytes += next.capacity();
        }
        return bytes;
    }

    private static void addWholes(ByteBuf part, Set<ByteBuf> wholes) {
        ByteBuf whole = whole(part);
        if (whole instanceof CompositeByteBuf many) {
            for (int i = 0; i < many.numComponents(); i++) {
                addWholes(many.internalComponent(i), wholes);
            }
        } else {
            wholes.add(whole);
        }
    }

    private static ByteBuf whole(ByteBuf part) {
        ByteBuf outer = part;
        for (ByteBuf next = outer.unwrap(); next != null; next = outer.unwrap()) {
            outer = next;
        }
        return outer;
    }
}
