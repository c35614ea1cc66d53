package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Packs the frames for one receiver into a lane: small ones are copied into one buffer as long as the lane's batch is
 * open, large ones are passed on as slices of the buffer that they were read into. Belongs to the lane's {@code from}
 * loop.
 */
public final class Packer {
    /** From this payload on a slice costs less than a copy. */
    public static final int SLICE_BYTES = 4 * 1024;
    /** A buffer grows up to this size; then the next one is begun. */
    private static final int LARGE_PART_BYTES = 64 * 1024;

    private static final int SMALLEST_PART_BYTES = 128;

    private final Lane lane;
    private final Lane.Receiver receiver;
    private @Nullable ByteBuf part;
    private int partSequence;
    /** Size of the last part: what the next one will likely need, so that it is allocated once. */
    private int lastPartBytes;

    public Packer(Lane lane, Lane.Receiver receiver) {
        this.lane = lane;
        this.receiver = receiver;
    }

    /** The buffer to write the next {@code bytes} bytes to; the caller writes exactly as many. */
    public ByteBuf room(int bytes) {
        ByteBuf current = part;
        if (current == null
                || partSequence != lane.sequence()
                || (current.writableBytes() < bytes && current.writerIndex() >= LARGE_PART_BYTES / 2)) {
            if (current == null || partSequence != lane.sequence()) {
                current = lane.allocator().directBuffer(Math.max(bytes, Math.max(SMALLEST_PART_BYTES, lastPartBytes)));
            } else {
                current = lane.allocator().directBuffer(Math.max(bytes, LARGE_PART_BYTES));
            }
            part = current;
            partSequence = lane.sequence();
            lastPartBytes = 0;
            lane.frames(receiver, current);
        }
        lane.grew(bytes);
        lastPartBytes = Math.min(lastPartBytes + bytes, LARGE_PART_BYTES);
        return current;
    }

    /** Passes whole frames on as they are, behind all that was packed before, and hands the buffer over. */
    public void pass(ByteBuf frames) {
        lane.frames(receiver, frames);
        cut();
    }

    /** What is packed from now on comes behind all that the lane got before. */
    public void cut() {
        part = null;
    }
}
