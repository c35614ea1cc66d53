package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;

/**
 * A buffer of whole frames, one behind the other, on their way to one firehose.
 *
 * <pre>
 *   0           taken                 filled      capacity
 *   +-------------+---------------------+-------------+
 *   | in a socket |  still to be taken  |    free     |
 *   +-------------+---------------------+-------------+
 * </pre>
 *
 * Guarded by the lock of its {@link Outbox}. While the writer writes a chunk, only the writer uses it.
 */
final class Chunk {

    /** A receiver of frames that the socket has not taken whole. */
    interface Sink {
        /** Receives a frame. The array belongs to the chunk; the frame starts at {@code offset}. */
        void frame(long id, Flag flag, byte[] bytes, int offset, int length);
    }

    private final ByteBuffer bytes;
    private int taken;
    private int frames;

    Chunk(int capacity) {
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

    int frames() {
        return frames;
    }

    /** Begins a frame; {@code length} bytes of data have to follow. */
    void begin(long id, Flag flag, int length) {
        bytes.putInt(Tag.BYTES + length).putLong(id).put(flag.code());
        frames++;
    }

    void put(byte[] data, int offset, int length) {
        bytes.put(data, offset, length);
    }

    /** Adds data from a buffer, whose position does not change. */
    void put(ByteBuffer data, int length) {
        bytes.put(bytes.position(), data, data.position(), length);
        bytes.position(bytes.position() + length);
    }

    /** Adds a complete frame. */
    void putFrame(byte[] frame) {
        bytes.put(frame);
        frames++;
    }

    /** Returns the bytes that are still to be taken, at most {@code max}. */
    ByteBuffer next(int max) {
        return ByteBuffer.wrap(bytes.array(), taken, Math.min(max, filled() - taken));
    }

    void taken(int count) {
        taken += count;
    }

    boolean isTaken() {
        return taken == filled();
    }

    /** Returns the number of frames that were taken whole. */
    int framesTaken() {
        int count = 0;
        for (int at = 0; at < filled(); at += Frame.PREFIX_BYTES + bytes.getInt(at)) {
            if (at + Frame.PREFIX_BYTES + bytes.getInt(at) <= taken) {
                count++;
            }
        }
        return count;
    }

    void clear() {
        bytes.clear();
        taken = 0;
        frames = 0;
    }

    /**
     * Hands on all frames that were not taken, or only in part. A server that got a part of a frame discards it when
     * the link ends.
     */
    void leftovers(Sink sink) {
        int at = 0;
        while (at < filled()) {
            int length = Frame.PREFIX_BYTES + bytes.getInt(at);
            if (at + length > taken) {
                Flag flag = Flag.of(bytes.get(at + Tag.FLAG_OFFSET_IN_FRAME));
                assert flag != null : "the backend has written it";
                sink.frame(bytes.getLong(at + Tag.ID_OFFSET_IN_FRAME), flag, bytes.array(), at, length);
            }
            at += length;
        }
    }
}
