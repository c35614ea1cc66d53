package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import net.voltlane.protocol.Frame;

/**
 * A reader that reads a firehose in large pieces and hands every packet to the firehose's {@link FirehoseVersion}. For the
 * firehose's reader thread.
 *
 * <pre>
 *   0        at                 filled              buffer.length
 *   +---------+---------------------+---------------------+
 *   | handled | frames, the last of |        free         |
 *   |         | them often in part  |                     |
 *   +---------+---------------------+---------------------+
 * </pre>
 */
final class FirehoseReader {
    private static final int READ_BYTES = 256 * 1024;
    /** The size of the buffer until something was received, as anybody may dial and send nothing. */
    private static final int FIRST_READ_BYTES = 4 * 1024;
    /**
     * The number of reads in a row without need for it after which a buffer that has grown is replaced by a small one.
     */
    private static final int READS_BEFORE_SHRINKING = 64;

    private final Firehose firehose;
    private final SocketChannel channel;
    private final BackendContext context;
    private final int maxFrameBytes;

    private ByteBuffer buffer = allocate(FIRST_READ_BYTES);
    private int filled;
    private int smallReads;
    private boolean isFirst = true;

    FirehoseReader(Firehose firehose, SocketChannel channel, BackendContext context) {
        this.firehose = firehose;
        this.channel = channel;
        this.context = context;
        maxFrameBytes = context.options().maxFrameBytes();
    }

    /** Reads to the end of the link, and returns how it has ended. */
    String run() throws IOException {
        try {
            return readToTheEnd();
        } finally {
            context.largeFrames().release(firehose);
        }
    }

    private String readToTheEnd() throws IOException {
        while (read()) {
            FirehoseVersion version = firehose.version();
            version.beginBurst();
            try {
                int handled = handleWholeFrames();
                if (handled < 0) {
                    return "sent a frame over the limit of " + maxFrameBytes + " bytes";
                }
                drop(handled);
            } finally {
                version.endBurst();
            }
        }
        return firehose.isFinishing() ? "the backend was closed" : "closed by the server";
    }

    private boolean read() throws IOException {
        // A channel is closed when an interrupted thread uses it, and a handler may leave an interrupt behind.
        Thread.interrupted();
        if (filled == buffer.capacity()) {
            grow();
        }
        buffer.limit(Math.min(buffer.capacity(), filled + READ_BYTES)).position(filled);
        FirehoseVersion version = firehose.version();
        version.waits(true);
        int count = channel.read(buffer);
        version.waits(false);
        buffer.clear();
        if (count > 0) {
            filled += count;
            firehose.hasRead(context.directory().newest(), count);
        }
        return count >= 0;
    }

    /**
     * Doubles the buffer: by what has arrived, never by a length that was announced. Uses longs, as doubling 1 GiB
     * overflows.
     */
    private void grow() throws IOException {
        int capacity =
                (int) Math.max(Math.min(2L * buffer.capacity(), (long) Frame.PREFIX_BYTES + maxFrameBytes), READ_BYTES);
        if (capacity > READ_BYTES) {
            makeRoomFor(capacity);
        }
        buffer = allocate(capacity).put(buffer.array(), 0, filled);
    }

    private void makeRoomFor(int capacity) throws IOException {
        for (Firehose gives : context.largeFrames().hold(firehose, capacity)) {
            if (gives.lose("held too much of packets that did not come to their end")) {
                context.counters().displacedFirehoses.increment();
                context.noRoomLog().add(gives + " was cut, as its host held most of what large packets may take", null);
            }
        }
        if (firehose.isLost()) {
            throw new IOException("cut");
        }
    }

    /** Handles all complete frames. Returns the number of bytes handled, or -1 at a frame over the limit. */
    private int handleWholeFrames() throws IOException {
        int at = 0;
        int packets = 0;
        while (filled - at >= Frame.PREFIX_BYTES) {
            int length = buffer.getInt(at);
            if (Frame.isOverLimit(length, maxFrameBytes)) {
                context.malformed("a frame of " + Integer.toUnsignedString(length) + " bytes: cut off", firehose);
                return -1;
            }
            if (filled - at - Frame.PREFIX_BYTES < length) {
                break;
            }
            handle(at, length);
            at += Frame.PREFIX_BYTES + length;
            packets++;
        }
        context.counters().received.add(packets);
        return at;
    }

    /** Handles a packet. The first one tells which version the server speaks. */
    private void handle(int frame, int length) throws IOException {
        boolean isHello = isFirst && Hellos.isHello(buffer, frame, length);
        isFirst = false;
        if (!isHello) {
            firehose.version().handle(buffer, frame, length);
        } else if (!firehose.isFinishing()) {
            Hellos.answer(context, firehose, buffer, frame, length);
        }
    }

    private void drop(int count) {
        byte[] bytes = buffer.array();
        System.arraycopy(bytes, count, bytes, 0, filled - count);
        filled -= count;
        smallReads = filled < READ_BYTES ? smallReads + 1 : 0;
        if (buffer.capacity() > READ_BYTES && smallReads >= READS_BEFORE_SHRINKING) {
            buffer = allocate(READ_BYTES).put(bytes, 0, filled);
            context.largeFrames().release(firehose);
        }
    }

    private static ByteBuffer allocate(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
