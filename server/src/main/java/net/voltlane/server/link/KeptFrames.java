package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * Copies of numbered frames, kept until the peer acknowledges them. They lie behind one another in few chunks of pooled
 * memory, which are charged whole; without frames there is no chunk. All chunks can be taken out and put into another
 * object, on another loop, so that handing frames over copies nothing.
 *
 * <p>{@link #excuse} marks all frames that are there as counting against no bound. Belongs to the loop of its user.
 */
public final class KeptFrames {
    private static final int SMALLEST_CHUNK_BYTES = 128;
    /** The size of a chunk that is not made for one long run of frames. */
    static final int LARGE_CHUNK_BYTES = 64 * 1024;

    /** The largest chunk that waits for the next frame. */
    private static final int LARGEST_SPARE_CHUNK_BYTES = 1024;

    /** Room behind the frames of a new chunk, for a short frame that is sent along with them. */
    static final int SPARE_BYTES = 16;

    private final ByteBufAllocator allocator;
    private final MemoryAccount account;
    private final boolean isPooled;
    /** The number of the first frame; of the next one if there is none. */
    private long first;

    private long packets;
    private long bytes;
    private long excusedPackets;
    private long excusedBytes;
    private long chargedBytes;

    /** The chunk with the first frame, apart from the others, of which there are often none. */
    private @Nullable ByteBuf firstChunk;

    private @Nullable ArrayDeque<ByteBuf> laterChunks;
    /** The chunk that frames are appended to. */
    private @Nullable ByteBuf lastChunk;
    /** An empty chunk for the next frame; null if there is none. A pool's objects alone have one, uncharged. */
    private @Nullable ByteBuf spareChunk;

    /** @param first the number of the first frame that will be kept */
    public KeptFrames(ByteBufAllocator allocator, MemoryAccount account, long first) {
        this(allocator, account, first, false);
    }

    /** @param isPooled true if a pool takes it back when it is empty, and {@linkplain #dropSpare frees} its spare chunk */
    KeptFrames(ByteBufAllocator allocator, MemoryAccount account, long first, boolean isPooled) {
        this.allocator = allocator;
        this.account = account;
        this.first = first;
        this.isPooled = isPooled;
    }

    /** Has the next frame bear this number; only while there is none. */
    void beginAt(long number) {
        assert isEmpty() : "keeps frames with other numbers";
        first = number;
    }

    // ---- questions

    public boolean isEmpty() {
        return packets == 0;
    }

    /** The number of the first frame; of the next one if there is none. */
    public long first() {
        return first;
    }

    /** The number of the frame that is appended next. */
    public long next() {
        return first + packets;
    }

    /** The frames that are kept. */
    public long packets() {
        return packets;
    }

    /** The bytes of these frames, prefixes included. */
    public long bytes() {
        return bytes;
    }

    /** The memory that they take up. */
    public long chargedBytes() {
        return chargedBytes;
    }

    /** Returns true if more is kept than may, without the frames that are excused. */
    public boolean exceed(QueueBounds bounds) {
        return bounds.areExceededBy(packets - excusedPackets, bytes - excusedBytes);
    }

    /** Returns true if one more frame may be kept: an only one always may. */
    public boolean admits(QueueBounds bounds, long nextBytes) {
        return packets == 0 || bounds.admits(packets - excusedPackets, bytes - excusedBytes, nextBytes);
    }

    /** Has all frames that are kept now count against no bound. */
    public void excuse() {
        excusedPackets = packets;
        excusedBytes = bytes;
    }

    /** The frames, from the first one on, that count against no bound. */
    public long excusedPackets() {
        return excusedPackets;
    }

    // ---- frames come

    /** Appends copies of whole frames: {@code length} bytes from {@code index} on, at least one frame. */
    public void append(ByteBuf frames, int index, int length) {
        roomFor(length).writeBytes(frames, index, length);
        int end = index + length;
        for (int frame = index; frame < end; frame = Frames.end(frames, frame)) {
            packets++;
        }
        bytes += length;
    }

    /** The buffer to write the next frame to. The caller writes exactly {@code length} bytes, at once. */
    public ByteBuf room(int length) {
        packets++;
        bytes += length;
        return roomFor(length);
    }

    /**
     * Chunks grow with what is kept, so that unused room and acknowledged frames at both ends take up no more than the
     * frames between, beyond a few hundred bytes.
     */
    private ByteBuf roomFor(int length) {
        ByteBuf chunk = lastChunk;
        if (chunk == null || chunk.writableBytes() < length) {
            int wanted = (int) Math.max(SMALLEST_CHUNK_BYTES, Math.min(bytes, LARGE_CHUNK_BYTES));
            int needed = length < LARGE_CHUNK_BYTES ? length + SPARE_BYTES : length;
            chunk = takeSpare(needed);
            if (chunk == null) {
                chunk = allocator.directBuffer(Math.max(needed, wanted));
            }
            addLast(chunk);
            charge(chunk.capacity());
        }
        return chunk;
    }

    private @Nullable ByteBuf takeSpare(int needed) {
        ByteBuf spare = spareChunk;
        if (spare == null || spare.capacity() < needed || firstChunk != null) {
            return null;
        }
        spareChunk = null;
        return spare;
    }

    /** Frees the chunk that a pool's object has while it is empty. */
    void dropSpare() {
        if (spareChunk != null) {
            spareChunk.release();
            spareChunk = null;
        }
    }

    /** Leaves the room behind the frames of the last chunk alone: something else lies there that is still to be sent. */
    public void closeLastChunk() {
        lastChunk = null;
    }

    /** Puts chunks with whole frames behind all that is kept, and takes them over. */
    public void append(List<ByteBuf> chunks) {
        for (ByteBuf chunk : chunks) {
            addLast(chunk);
            packets += take(chunk);
        }
    }

    /** Puts chunks with whole frames in front of all that is kept, and takes them over: the frames that came before. */
    public void prepend(List<ByteBuf> chunks) {
        for (int i = chunks.size() - 1; i >= 0; i--) {
            ByteBuf chunk = chunks.get(i);
            addFirst(chunk);
            long frames = take(chunk);
            packets += frames;
            first -= frames;
        }
    }

    /** Has these frames, from the first one on, count against no bound. */
    public void excuseFirst(long excused) {
        assert excused <= packets : "more than there are";
        excusedPackets = excused;
        excusedBytes = 0;
        long left = excused;
        for (ByteBuf chunk : chunks()) {
            int index = chunk.readerIndex();
            for (; left > 0 && index < chunk.writerIndex(); left--) {
                index = Frames.end(chunk, index);
            }
            excusedBytes += index - chunk.readerIndex();
        }
    }

    /** Counts the bytes of a chunk, charges for it, and returns the number of its frames. */
    private long take(ByteBuf chunk) {
        long frames = 0;
        for (int frame = chunk.readerIndex(); frame < chunk.writerIndex(); frame = Frames.end(chunk, frame)) {
            frames++;
        }
        bytes += chunk.readableBytes();
        charge(chunk.capacity());
        return frames;
    }

    // ---- frames go

    /** Drops the frames up to number {@code n}, which is from one below the first up to the last. */
    public void trim(long n) {
        long left = n - first + 1;
        assert left >= 0 && left <= packets : "acknowledged " + n + " of " + first + " to " + (next() - 1);
        if (left == packets) {
            release();
            return;
        }
        first += left;
        packets -= left;
        excusedPackets = Math.max(0, excusedPackets - left);
        long before = bytes;
        while (left > 0) {
            left = trimFirstChunk(left);
        }
        excusedBytes = Math.max(0, excusedBytes - (before - bytes));
    }

    private long trimFirstChunk(long frames) {
        ByteBuf chunk = firstChunk;
        assert chunk != null : "frames without a chunk";
        int index = chunk.readerIndex();
        int end = chunk.writerIndex();
        long left = frames;
        for (; left > 0 && index < end; left--) {
            index = Frames.end(chunk, index);
        }
        bytes -= index - chunk.readerIndex();
        if (index < end) {
            chunk.readerIndex(index);
        } else {
            firstChunk = laterChunks == null ? null : laterChunks.poll();
            charge(-chunk.capacity());
            chunk.release();
        }
        return left;
    }

    /** The chunk that frames were appended to last, for a look at its end; null if there is none. */
    public @Nullable ByteBuf lastChunk() {
        return lastChunk;
    }

    /** The chunks, in order, for a look at all frames from their reader index on. They stay this object's. */
    public List<ByteBuf> chunks() {
        List<ByteBuf> all = new ArrayList<>(1 + (laterChunks == null ? 0 : laterChunks.size()));
        if (firstChunk != null) {
            all.add(firstChunk);
        }
        if (laterChunks != null) {
            all.addAll(laterChunks);
        }
        return all;
    }

    /** Takes all frames out, in their chunks. The caller releases them. The next frame's number stays as it is. */
    public List<ByteBuf> takeChunks() {
        List<ByteBuf> all = chunks();
        forgetAll();
        return all;
    }

    /** Drops all frames. The next frame's number stays as it is. */
    public void release() {
        ByteBuf only = firstChunk;
        if (only != null && !becomesSpare(only)) {
            only.release();
        }
        if (laterChunks != null) {
            laterChunks.forEach(ByteBuf::release);
        }
        forgetAll();
    }

    /** Spares the allocator most chunks of clients that acknowledge one packet before they get the next. */
    private boolean becomesSpare(ByteBuf chunk) {
        if (!isPooled || spareChunk != null || chunk.capacity() > LARGEST_SPARE_CHUNK_BYTES || chunk.refCnt() != 1) {
            return false;
        }
        spareChunk = chunk.clear();
        return true;
    }

    private void forgetAll() {
        firstChunk = null;
        laterChunks = null;
        lastChunk = null;
        first += packets;
        packets = 0;
        bytes = 0;
        excusedPackets = 0;
        excusedBytes = 0;
        charge(-chargedBytes);
    }

    private void addLast(ByteBuf chunk) {
        if (firstChunk == null) {
            firstChunk = chunk;
        } else {
            later().addLast(chunk);
        }
        lastChunk = chunk;
    }

    private void addFirst(ByteBuf chunk) {
        if (firstChunk == null) {
            lastChunk = chunk;
        } else {
            later().addFirst(firstChunk);
        }
        firstChunk = chunk;
    }

    private ArrayDeque<ByteBuf> later() {
        ArrayDeque<ByteBuf> chunks = laterChunks;
        if (chunks == null) {
            chunks = new ArrayDeque<>(8);
            laterChunks = chunks;
        }
        return chunks;
    }

    private void charge(long more) {
        if (more != 0) {
            chargedBytes += more;
            account.charge(more);
        }
    }
}
