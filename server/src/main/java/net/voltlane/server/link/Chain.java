package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of whole frames in few buffers. {@link #add} takes a buffer as it is, for frames that leave again at once.
 * {@link #copy} copies, for frames that stay: they must not pin the large buffer that they were read into. Belongs to the
 * loop of its user.
 */
public final class Chain {
    private static final int SMALLEST_COPY_BYTES = 256;
    private static final int LARGE_COPY_BYTES = 64 * 1024;

    private final ByteBufAllocator allocator;
    /** The first buffer, apart from the rest: most chains never hold a second one, and an idle link holds nothing. */
    private @Nullable ByteBuf first;

    private @Nullable ArrayDeque<ByteBuf> rest;
    /** The last buffer, if it is a copy that more may be appended to. */
    private @Nullable ByteBuf tail;

    private long bytes;

    public Chain(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    public boolean isEmpty() {
        return first == null;
    }

    /** The readable bytes of all buffers. */
    public long bytes() {
        return bytes;
    }

    /** Adds a buffer, and takes it over. */
    public void add(ByteBuf frames) {
        tail = null;
        append(frames);
    }

    /** Adds a buffer, and takes it over: before all others, or behind them. */
    void add(ByteBuf frames, boolean isFirst) {
        ByteBuf before = first;
        if (!isFirst || before == null) {
            add(frames);
        } else {
            bytes += frames.readableBytes();
            rest().addFirst(before);
            first = frames;
        }
    }

    /** Adds a copy of {@code length} bytes from {@code index} on. {@code source} stays the caller's. */
    public void copy(ByteBuf source, int index, int length) {
        room(length).writeBytes(source, index, length);
    }

    /** The buffer to write the next {@code length} bytes to. The caller writes exactly as many. */
    public ByteBuf room(int length) {
        ByteBuf current = tail;
        if (current == null || current.writableBytes() < length) {
            int wanted = current == null ? SMALLEST_COPY_BYTES : Math.min(current.capacity() * 2, LARGE_COPY_BYTES);
            current = allocator.directBuffer(Math.max(length, wanted));
            append(current);
            tail = current;
        }
        bytes += length;
        return current;
    }

    /** Replaces all buffers by copies. */
    public void compact() {
        List<ByteBuf> all = takeAll();
        for (ByteBuf buf : all) {
            copy(buf, buf.readerIndex(), buf.readableBytes());
            buf.release();
        }
    }

    void forEach(Consumer<ByteBuf> action) {
        if (first != null) {
            action.accept(first);
        }
        if (rest != null) {
            rest.forEach(action);
        }
    }

    /** The first buffer, for a look; null if there is none. */
    @Nullable
    ByteBuf first() {
        return first;
    }

    /** The readable bytes of a chain, which may be null. */
    static long bytesOf(@Nullable Chain chain) {
        return chain == null ? 0 : chain.bytes;
    }

    /** Drops all buffers of a chain, which may be null. Returns null. */
    static @Nullable Chain drop(@Nullable Chain chain) {
        if (chain != null) {
            chain.release();
        }
        return null;
    }

    /** The readable bytes of the first buffer; 0 if there is none. */
    int firstBytes() {
        return first == null ? 0 : first.readableBytes();
    }

    /** Takes the first buffer out; null if there is none. The caller releases it. */
    @Nullable
    ByteBuf poll() {
        ByteBuf polled = first;
        if (polled == null) {
            return null;
        }
        first = rest == null ? null : rest.poll();
        if (first == null) {
            rest = null;
        }
        if (polled == tail) {
            tail = null;
        }
        bytes -= polled.readableBytes();
        return polled;
    }

    /** Takes all buffers out. The caller releases them. */
    public List<ByteBuf> takeAll() {
        List<ByteBuf> all = new ArrayList<>(rest == null ? 1 : rest.size() + 1);
        for (ByteBuf buf = poll(); buf != null; buf = poll()) {
            all.add(buf);
        }
        return all;
    }

    /** Drops all buffers. */
    public void release() {
        for (ByteBuf buf = poll(); buf != null; buf = poll()) {
            buf.release();
        }
    }

    private void append(ByteBuf frames) {
        bytes += frames.readableBytes();
        if (first == null) {
            first = frames;
        } else {
            rest().add(frames);
        }
    }

    private ArrayDeque<ByteBuf> rest() {
        ArrayDeque<ByteBuf> current = rest;
        if (current == null) {
            current = new ArrayDeque<>(8);
            rest = current;
        }
        return current;
    }
}
