package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.SendQueue;
import org.jspecify.annotations.Nullable;

/**
 * The numbered packets that the master has not acknowledged, as frames behind one another in few large buffers. It is
 * what is sent, and what is sent again on the next link: a cursor parts the packets that were handed to the present link
 * from those that wait for it. Holds no buffer while it is empty. Belongs to the session loop.
 *
 * <pre>
 *   packet 1 … dropped │ dropped + 1 … handed │ handed + 1 … last
 *   acknowledged, gone │ on the present link  │ waiting for it
 * </pre>
 */
final class KeptLog {
    private static final int FIRST_CHUNK_BYTES = 16 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;

    /** A receiver of packets that leave the log. */
    interface Visitor {
        /** Takes a packet whose frame is the {@code length} bytes from {@code index} on. */
        void packet(ByteBuf buf, int index, int length, long number);
    }

    private static final class Chunk {
        /** Whole frames; what is in front of the reader index is acknowledged. */
        ByteBuf frames;
        /** The number of the last packet in it. */
        long last;

        @Nullable
        Chunk next;

        Chunk(ByteBuf frames) {
            this.frames = frames;
        }
    }

    private final ByteBufAllocator allocator;
    private final MemoryAccount account;

    private @Nullable Chunk head;
    private @Nullable Chunk tail;
    /** The chunk with the next packet to hand over, or that will have it; null while there is no such chunk. */
    private @Nullable Chunk cursor;

    private int cursorIndex;
    /** A chunk without frames for the next buffer, so that a log that is emptied and filled leaves no garbage. */
    private @Nullable Chunk spare;

    private long dropped;
    private long handed;
    private long last;
    /** The last packet that was handed to any link. */
    private long reached;

    private long bytes;
    private long waitingBytes;

    /** @param account is charged for the buffers */
    KeptLog(ByteBufAllocator allocator, MemoryAccount account) {
        this.allocator = allocator;
        this.account = account;
    }

    /** The number of the last packet that was put in, from 1; 0 before the first. */
    long last() {
        return last;
    }

    /** The number of the last packet that was handed to the present link. */
    long handed() {
        return handed;
    }

    /** Bytes of all kept packets, length prefixes included. */
    long bytes() {
        return bytes;
    }

    /** Bytes of the packets that were not handed to the present link. */
    long waitingBytes() {
        return waitingBytes;
    }

    boolean isEmpty() {
        return dropped == last;
    }

    // ---- packets that come

    /** Adds copies of whole frames: {@code length} bytes from {@code index} on. They get the next numbers. */
    void append(ByteBuf source, int index, int length) {
        int end = index + length;
        int from = index;
        while (from < end) {
            int size = frameBytes(source, from);
            Chunk chunk = roomFor(size);
            int room = chunk.frames.writableBytes();
            int to = from;
            do {
                to += size;
                last++;
                size = to < end ? frameBytes(source, to) : 0;
            } while (to < end && to - from + size <= room);
            chunk.frames.writeBytes(source, from, to - from);
            chunk.last = last;
            from = to;
        }
        bytes += length;
        waitingBytes += length;
    }

    static int frameBytes(ByteBuf buf, int index) {
        return Frame.PREFIX_BYTES + buf.getIntLE(index);
    }

    static long id(ByteBuf buf, int index) {
        return buf.getLongLE(index + Frame.PREFIX_BYTES);
    }

    static int flag(ByteBuf buf, int index) {
        return buf.getUnsignedByte(index + Tag.FLAG_OFFSET_IN_FRAME);
    }

    private Chunk roomFor(int frameBytes) {
        Chunk current = tail;
        if (current != null && current.frames.writableBytes() >= frameBytes) {
            return current;
        }
        int size = Math.max(frameBytes, current == null ? FIRST_CHUNK_BYTES : CHUNK_BYTES);
        Chunk added = newChunk(allocator.directBuffer(size, size));
        account.charge(size);
        if (current == null) {
            head = added;
        } else {
            current.next = added;
        }
        tail = added;
        if (cursor == null) {
            cursor = added;
            cursorIndex = 0;
        }
        return added;
    }

    private Chunk newChunk(ByteBuf frames) {
        Chunk chunk = spare;
        if (chunk == null) {
            return new Chunk(frames);
        }
        spare = null;
        chunk.frames = frames;
        return chunk;
    }

    // ---- packets that go

    /**
     * Hands the next packets to the link's queue, as many as lie in one buffer.
     *
     * @return false if none waits
     */
    boolean hand(SendQueue link) {
        Chunk from = next();
        if (from == null) {
            return false;
        }
        int index = cursorIndex;
        link.add(from.frames, index, handed(from));
        return true;
    }

    /**
     * Sends the next packets behind a packet of the link's own, copied into one piece: gathering two would leave garbage.
     * Returns false, and does nothing, if none waits, or for a packet that is larger than a usual buffer.
     *
     * @param lead stays the caller's
     */
    boolean sendBehind(ByteBuf lead, SendQueue link) {
        Chunk from = next();
        if (from == null || from.frames.writerIndex() - cursorIndex > CHUNK_BYTES) {
            return false;
        }
        int index = cursorIndex;
        int length = handed(from);
        ByteBuf both = allocator
                .directBuffer(lead.readableBytes() + length)
                .writeBytes(lead, lead.readerIndex(), lead.readableBytes())
                .writeBytes(from.frames, index, length);
        link.send(both, 0, both.readableBytes());
        both.release();
        return true;
    }

    /** The chunk at the cursor, with a packet that waits; null if none waits. */
    private @Nullable Chunk next() {
        Chunk from = cursor;
        if (from == null || waitingBytes == 0) {
            return null;
        }
        if (cursorIndex == from.frames.writerIndex()) {
            from = from.next;
            assert from != null : "packets wait, and there is no buffer that has them";
            cursor = from;
            cursorIndex = 0;
        }
        return from;
    }

    /** All packets of this chunk from the cursor on are handed over. Returns their bytes. */
    private int handed(Chunk from) {
        int length = from.frames.writerIndex() - cursorIndex;
        cursorIndex += length;
        waitingBytes -= length;
        handed = from.last;
        reached = Math.max(reached, handed);
        return length;
    }

    /** A new link follows: hands everything over again that is kept. */
    void rewind() {
        cursor = head;
        cursorIndex = head == null ? 0 : head.frames.readerIndex();
        handed = dropped;
        waitingBytes = bytes;
    }

    /** The number of packets that the master has acknowledged, which can't become fewer. */
    long leastReceived() {
        return dropped;
    }

    /** The number of packets that were handed to any link: the master can't have more. */
    long mostReceived() {
        return reached;
    }

    boolean canHaveReceived(long packets) {
        return packets >= dropped && packets <= reached;
    }

    /** Packets that were handed to a link and not acknowledged. */
    long unacknowledged() {
        return reached - dropped;
    }

    /** The master has the packets up to this number: drops them, each of which {@code visitor} gets a look at. */
    void acknowledged(long number, Visitor visitor) {
        assert canHaveReceived(number) : "acknowledged what it can't have received";
        drop(number, visitor);
        if (handed < dropped) {
            rewind();
        }
    }

    /** Passes all packets on, in order, and drops them. */
    void drain(Visitor visitor) {
        drop(last, visitor);
        rewind();
    }

    private void drop(long number, Visitor visitor) {
        while (dropped < number) {
            Chunk chunk = head;
            assert chunk != null : "packets are kept, and there is no buffer that has them";
            ByteBuf frames = chunk.frames;
            int from = frames.readerIndex();
            int at = from;
            long until = Math.min(number, chunk.last);
            while (dropped < until) {
                int size = frameBytes(frames, at);
                visitor.packet(frames, at, size, ++dropped);
                at += size;
            }
            frames.readerIndex(at);
            bytes -= at - from;
            if (dropped == chunk.last) {
                remove(chunk);
            }
        }
    }

    /** Frees the first chunk, which has nothing left to keep. */
    private void remove(Chunk chunk) {
        head = chunk.next;
        if (tail == chunk) {
            tail = null;
        }
        if (cursor == chunk) {
            cursor = head;
            cursorIndex = 0;
        }
        account.charge(-chunk.frames.capacity());
        chunk.frames.release();
        chunk.frames = Unpooled.EMPTY_BUFFER;
        chunk.next = null;
        spare = chunk;
    }

    /** Drops everything. */
    void release() {
        drain((buf, index, length, number) -> {});
    }
}
