package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.server.link.LoopQueue;
import org.jspecify.annotations.Nullable;

/**
 * The answers to the Pings of the read under way, for the link that is read. They leave together at the end of the read,
 * so that a flood of Pings costs neither an object nor a system call for each. Of more than {@link #MOST} in one read, the
 * newest replaces the one before. One buffer serves all links of a loop, and a queue copies from it what its socket does
 * not take: it is shorter than what a queue keeps a slice of. Belongs to the loop.
 */
final class Pongs {
    /** The Pings of one read that are all answered. */
    static final int MOST = 64;
    /** The payload of the longest Ping, its type included. */
    static final int LONGEST_PING_BYTES = 1 + LinkFrame.MAX_PING_BYTES;

    private static final int LONGEST_BYTES = Frame.PREFIX_BYTES + LONGEST_PING_BYTES;

    private final ByteBufAllocator allocator;
    /** The frames; null before the first Ping of the loop. */
    private @Nullable ByteBuf frames;
    /** The link whose answers these are; null if there are none. */
    private @Nullable ClientLink link;

    private int count;
    /** The index of the newest frame. */
    private int newest;

    Pongs(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Answers a Ping: {@code length} bytes of payload from {@code index} on. {@code ping} stays the caller's. */
    void answer(ClientLink to, ByteBuf ping, int index, int length) {
        assert to.isOnItsLoop() : "belongs to the link's loop";
        assert length <= LONGEST_PING_BYTES : "longer than a Ping";
        ByteBuf out = frames;
        if (out == null) {
            assert MOST * LONGEST_BYTES < LoopQueue.SLICE_BYTES : "a queue would keep a slice of it";
            out = allocator.directBuffer(MOST * LONGEST_BYTES);
            frames = out;
        }
        if (link != to) { // a read that failed may have left some of another link
            link = to;
            count = 0;
            out.clear();
        }
        if (count < MOST) {
            count++;
            newest = out.writerIndex();
        }
        out.writerIndex(newest).writeIntLE(length).writeByte(FrameType.PONG).writeBytes(ping, index + 1, length - 1);
    }

    /**
     * Sends the answers of the read that ends.
     *
     * @return the newest of them if the socket is full, which is to wait for it; else null
     */
    byte @Nullable [] send(ClientLink to) {
        ByteBuf all = frames;
        if (link != to || all == null) {
            return null;
        }
        link = null;
        if (to.output.control(all, 0, all.writerIndex())) {
            return null;
        }
        byte[] waits = new byte[all.writerIndex() - newest];
        all.getBytes(newest, waits);
        return waits;
    }

    /** Frees the buffer. The loop has ended. */
    void release() {
        if (frames != null) {
            frames.release();
            frames = null;
        }
    }
}
