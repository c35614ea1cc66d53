package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the input of a link into frames, in place. Only an unfinished frame is copied, into a buffer that grows with the
 * bytes that have come and never by the length that was announced. Between frames nothing is held. A subclass takes the
 * frames: there is a cutter for each idle client, so it must not need an object beside it. Belongs to the link's loop.
 */
public abstract class FrameCutter {
    private static final int SMALLEST_BYTES = 16;

    private final int maxFrameBytes;
    private final ByteBufAllocator allocator;
    private final MemoryAccount account;
    private @Nullable ByteBuf unfinished;
    private int chargedBytes;

    /** @param maxFrameBytes the payload of the longest frame that is taken */
    protected FrameCutter(int maxFrameBytes, ByteBufAllocator allocator, MemoryAccount account) {
        this.maxFrameBytes = maxFrameBytes;
        this.allocator = allocator;
        this.account = account;
    }

    /**
     * Takes a frame: {@code length} bytes of payload from {@code index} on. All bytes before them are free to be
     * overwritten. {@code buf} stays the cutter's.
     */
    protected abstract void frame(ByteBuf buf, int index, int length);

    /**
     * Cuts the readable bytes of {@code in}, which stays the caller's.
     *
     * @return false at a frame over the limit: all frames before it were passed on, and nothing behind it can be
     *     understood
     */
    public final boolean cut(ByteBuf in) {
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
            frame(in, payload, length);
            index = payload + length;
        }
        if (index < end) {
            keep(in, index, end - index);
        }
        return true;
    }

    /** Drops an unfinished frame. */
    public final void release() {
        if (unfinished != null) {
            unfinished.release();
            unfinished = null;
        }
        charge();
    }

    /** The bytes of an unfinished frame that have come, its prefix included. */
    public final int unfinishedBytes() {
        return unfinished == null ? 0 : unfinished.readableBytes();
    }

    /** The bytes that the buffer of an unfinished frame takes up. */
    public final long chargedBytes() {
        return chargedBytes;
    }

    /** Completes the unfinished frame as far as {@code in} reaches. Returns false if it is over the limit. */
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
                frame(frame, Frame.PREFIX_BYTES, length);
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
