package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what comes into frames, in place. Only an unfinished frame is copied, into a buffer that grows with what has
 * come and never by what was announced; between frames nothing is held. Belongs to the link's loop.
 */
public final class FrameCutter {
    /** Where frames go to. */
    public interface Sink {
        /**
         * {@code length} bytes of payload at {@code index}; all bytes before it are spent. {@code buf} stays the
         * cutter's.
         */
        void frame(ByteBuf buf, int index, int length);
    }

    private static final int SMALLEST_BYTES = 16;

    private final int maxFrameBytes;
    private final ByteBufAllocator allocator;
    private final MemoryAccount account;
    private final Sink sink;
    private @Nullable ByteBuf unfinished;
    private int chargedBytes;

    /** @param maxFrameBytes payload of the largest frame that is taken */
    public FrameCutter(int maxFrameBytes, ByteBufAllocator allocator, MemoryAccount account, Sink sink) {
        this.maxFrameBytes = maxFrameBytes;
        this.allocator = allocator;
        this.account = account;
        this.sink = sink;
    }

    /**
     * Cuts all that {@code in} holds; {@code in} stays the caller's.
     *
     * @return false at a frame over the limit: all before it was passed on, nothing behind it can be understood
     */
    public boolean cut(ByteBuf in) {
        while (unfinished != null) {
            if (!feed(unfinished, in)) {
                return false;
            }
            if (!in.isReadable()) {
                return true;
            }
        }
        int index = in.readerIndex();
        int end = in.writerIndex();
        while (end - index >= Frame.PREFIX_BYTES) {
            int length = in.getIntLE(index);
            if (Frame.isOverLimit(length, maxFrameBytes)) {
                return false;
            }
            int payload = index + Frame.PREFIX_BYTES;
            if (end - payload < length) {
                break;
            }
            sink.frame(in, payload, length);
            index = payload + length;
        }
        if (index < end) {
            keep(in, index, end - index);
        }
        return true;
    }

    /** Drops an unfinished frame: nothing is made of half a one. */
    public void release() {
        if (unfinished != null) {
            unfinished.release();
            unfinished = null;
        }
        charge();
    }

    /** What an unfinished frame holds. */
    public long chargedBytes() {
        return chargedBytes;
    }

    /** Gives the unfinished frame what it lacks, as far as {@code in} has it; false when it is over the limit. */
    private boolean feed(ByteBuf frame, ByteBuf in) {
        if (frame.readableBytes() < Frame.PREFIX_BYTES) {
            move(in, frame, Frame.PREFIX_BYTES);
        }
        if (frame.readableBytes() >= Frame.PREFIX_BYTES) {
            int length = frame.getIntLE(0);
            if (Frame.isOverLimit(length, maxFrameBytes)) {
                return false;
            }
            move(in, frame, Frame.PREFIX_BYTES + length);
            if (frame.readableBytes() == Frame.PREFIX_BYTES + length) {
                sink.frame(frame, Frame.PREFIX_BYTES, length);
                release();
                return true;
            }
        }
        charge();
        return true;
    }

    private static void move(ByteBuf in, ByteBuf frame, int until) {
        frame.writeBytes(in, Math.min(until - frame.readableBytes(), in.readableBytes()));
    }

    private void keep(ByteBuf in, int index, int length) {
        int announced = length >= Frame.PREFIX_BYTES ? in.getIntLE(index) : 0;
        int whole = Frame.PREFIX_BYTES + announced;
        unfinished = allocator
                .directBuffer(Math.max(SMALLEST_BYTES, Math.min(whole, 2 * length)))
                .writeBytes(in, index, length);
        charge();
    }

    private void charge() {
        int now = unfinished == null ? 0 : unfinished.capacity();
        if (now != chargedBytes) {
            account.charge(now - chargedBytes);
            chargedBytes = now;
        }
    }
}
