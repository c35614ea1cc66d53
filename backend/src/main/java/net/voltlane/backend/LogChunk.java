package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a {@link SendLog}: whole frames, one behind the other.
 *
 * <pre>
 *   0            acknowledged          written              filled       capacity
 *   +-----------------+-------------------+-------------------+-------------+
 *   | not needed now  | to be             | still to be       |    free     |
 *   |                 | acknowledged      | written           |             |
 *   +-----------------+-------------------+-------------------+-------------+
 * </pre>
 *
 * Guarded by the lock of its {@link ServerOutbox}. A writer reads the bytes that were filled before without the lock;
 * nobody changes these until the writer is done with the chunk.
 */
final class LogChunk {
    private final ByteBuffer bytes;
    private int acknowledged;
    private int written;
    private long lastNumber;
    private @Nullable LogChunk next;

    LogChunk(int capacity) {
        bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    int capacity() {
        return bytes.capacity();
    }

    int room() {
        return bytes.remaining();
    }

    int filled() {
        return bytes.position();
    }

    // ---- frames are added

    /** Begins a frame; {@code length} bytes of data have to follow. */
    void begin(long id, int flag, int length) {
        bytes.putInt(Tag.BYTES + length).putLong(id).put((byte) flag);
    }

    void put(byte[] data, int offset, int length) {
        bytes.put(data, offset, length);
    }

    /** Adds data from a buffer, whose position does not change. */
    void put(ByteBuffer data, int length) {
        bytes.put(bytes.position(), data, data.position(), length);
        bytes.position(bytes.position() + length);
    }

    /** Notes the number of the frame that was added last. */
    void ends(long number) {
        lastNumber = number;
    }

    /** Returns the number of the last frame. */
    long lastNumber() {
        return lastNumber;
    }

    @Nullable
    LogChunk next() {
        return next;
    }

    void append(LogChunk following) {
        next = following;
    }

    // ---- frames are written

    int written() {
        return written;
    }

    boolean isWritten() {
        return written == filled();
    }

    void wrote(int count) {
        written += count;
    }

    /** Begins to write anew with the first frame that is not acknowledged. */
    void rewind() {
        written = acknowledged;
    }

    /** Returns a view of the bytes from one index to another. */
    ByteBuffer view(int from, int to) {
        return ByteBuffer.wrap(bytes.array(), from, to - from);
    }

    /** Returns the number of whole frames from the start of one frame up to an index. */
    int framesBetween(int from, int to) {
        int count = 0;
        for (int at = from; at < to && at + frameBytes(at) <= to; at += frameBytes(at)) {
            count++;
        }
        return count;
    }

    // ---- frames are acknowledged

    int acknowledged() {
        return acknowledged;
    }

    boolean isAcknowledged() {
        return acknowledged == filled();
    }

    /** Acknowledges a number of frames, and returns their bytes. */
    int acknowledge(long frames) {
        int from = acknowledged;
        for (long left = frames; left > 0; left--) {
            acknowledged += frameBytes(acknowledged);
        }
        return acknowledged - from;
    }

    /** Acknowledges all frames, and returns the bytes of those that were not acknowledged before. */
    int acknowledgeAll() {
        int count = filled() - acknowledged;
        acknowledged = filled();
        return count;
    }

    /** Hands on all frames that are not acknowledged. */
    void remaining(SendLog.Sink sink) {
        for (int at = acknowledged; at < filled(); at += frameBytes(at)) {
            long id = bytes.getLong(at + Tag.ID_OFFSET_IN_FRAME);
            int flag = bytes.get(at + Tag.FLAG_OFFSET_IN_FRAME) & 0xFF;
            sink.frame(id, flag, bytes.array(), at + Tag.FRAME_HEADER_BYTES, frameBytes(at) - Tag.FRAME_HEADER_BYTES);
        }
    }

    /** Forgets everything, so that the chunk can be filled anew. */
    void clear() {
        bytes.clear();
        acknowledged = 0;
        written = 0;
        lastNumber = 0;
        next = null;
    }

    private int frameBytes(int at) {
        return Frame.PREFIX_BYTES + bytes.getInt(at);
    }
}
