package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;

/**
 * The count of frames that a socket did not take when they were offered. A {@link SendQueue} has one while it is full
 * only, so that an idle link holds none. Belongs to the channel's loop.
 */
final class Backlog {
    private final SendQueue.Counting counting;
    private long packets;
    private long bytes;

    Backlog(SendQueue.Counting counting) {
        this.counting = counting;
    }

    long packets() {
        return packets;
    }

    /** Length prefixes included. */
    long bytes() {
        return bytes;
    }

    /** Counts whole frames, from {@code index} to {@code end}. */
    void add(ByteBuf buf, int index, int end) {
        count(buf, index, end, 1);
    }

    /** Counts all frames of a chain. */
    void addAll(Chain chain) {
        chain.forEach(buf -> add(buf, buf.readerIndex(), buf.writerIndex()));
    }

    /** Whole frames that were counted, from {@code index} to {@code end}, are taken. */
    void remove(ByteBuf buf, int index, int end) {
        count(buf, index, end, -1);
        assert packets >= 0 && bytes >= 0 : "more was taken than waited";
    }

    private void count(ByteBuf buf, int from, int end, int sign) {
        for (int index = from; index < end; ) {
            int next = Frames.end(buf, index);
            if (counting.counts(buf, index)) {
                packets += sign;
                bytes += (long) sign * (next - index);
            }
            index = next;
        }
    }
}
