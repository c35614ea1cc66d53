package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whole frames in order, in few buffers. {@link #add} takes a buffer as it is, for frames that leave again at once;
 * {@link #copy} copies, for frames that stay: what stays must not pin the large buffer that it was read into.
 */
public final class Chain {
    private static final int SMALLEST_COPY_BYTES = 256;
    private static final int LARGE_COPY_BYTES = 64 * 1024;

    private final ByteBufAllocator allocator;
    /** The first buffer stands apart: most chains never hold a second one, and an idle link should hold nothing. */
    private @Nullable ByteBuf first;

    private @Nullable ArrayDeque<ByteBuf> rest;
    /** The last buffer, where it is a copy of our own that may be appended to. */
    private @Nullable ByteBuf tail;

    private long bytes;

    public Chain(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    public boolean isEmpty() {
        return first == null;
    }

    /** Readable bytes of all that is in here. */
    public long bytes() {
        return bytes;
    }

    /** Takes the buffer over. */
    public void add(ByteBuf frames) {
        tail = null;
        append(frames);
    }

    /** Copies {@code length} bytes from {@code index} on; {@code source} stays the caller's. */
    public void copy(ByteBuf source, int index, int length) {
        room(length).writeBytes(source, index, length);
    }

    /** The buffer to write the next {@code length} bytes to; the caller writes exactly as many. */
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

    /** The size of the first buffer; 0 when empty. */
    int firstBytes() {
        return first == null ? 0 : first.readableBytes();
    }

    /** Takes the first buffer out; null when empty. The caller releases it. */
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

    /** Takes everything out; the caller releases it. */
    public List<ByteBuf> takeAll() {
        List<ByteBuf> all = new ArrayList<>(rest == null ? 1 : rest.size() + 1);
        for (ByteBuf buf = poll(); buf != null; buf = poll()) {
            all.add(buf);
        }
        return all;
    }

    /** Drops everything. */
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
