package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;

/**
 * Writes the packets of clients to the loop queue, tagged for the master, and counts them for each read. One tagger serves
 * all links of a loop, so that it is in the processor's cache whichever client sends. Belongs to the loop, which the
 * queue asserts.
 */
final class PacketTagger {
    private final LoopQueue up;
    private final LoopQueue.Receiver toMaster;
    private final ByteBufAllocator allocator;
    private final Counters counters;

    /** Packets of the read under way. */
    private int packets;
    /** The bytes of their payloads. */
    private long bytes;

    PacketTagger(LoopQueue up, LoopQueue.Receiver toMaster, ByteBufAllocator allocator, Counters counters) {
        this.up = up;
        this.toMaster = toMaster;
        this.allocator = allocator;
        this.counters = counters;
    }

    /** Begins to count a read. */
    void beginRead() {
        packets = 0;
        bytes = 0;
    }

    /** Adds the read's packets to the metrics, and returns their number. */
    int endRead() {
        counters.add(Metric.PACKETS_UP, packets);
        counters.add(Metric.BYTES_UP, bytes);
        return packets;
    }

    /** Sends a large batch on its way before the tick ends, see {@link LoopQueue#postIfLarge}. */
    void postIfLarge() {
        up.postIfLarge();
    }

    /** Bytes of the payloads of the last read. */
    long bytes() {
        return bytes;
    }

    /**
     * Writes a packet of the client {@code id} whose payload is the {@code length} bytes from {@code index} on. {@code in}
     * stays the caller's.
     */
    void packet(long id, ByteBuf in, int index, int length) {
        packets++;
        bytes += length;
        if (length < LoopQueue.SLICE_BYTES) {
            ByteBuf out = up.room(toMaster, Tag.FRAME_HEADER_BYTES + length);
            header(out, id, length).writeBytes(in, index, length);
        } else {
            ByteBuf header = header(allocator.directBuffer(Tag.FRAME_HEADER_BYTES), id, length);
            up.pass(
                    toMaster,
                    allocator.compositeDirectBuffer(2).addComponents(true, header, in.retainedSlice(index, length)));
        }
    }

    private static ByteBuf header(ByteBuf out, long id, int length) {
        return out.writeIntLE(Tag.BYTES + length).writeLongLE(id).writeByte(Flag.DATA.code());
    }
}
