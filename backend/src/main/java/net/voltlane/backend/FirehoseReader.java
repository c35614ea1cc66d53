package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

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

    /** The most bytes that are read while a handler call waits: as much as a server keeps by default, and some more. */
    private static final int MAX_AHEAD_BYTES = 80 * 1024 * 1024;

    /** The reader whose thread this is. */
    private static final ThreadLocal<@Nullable FirehoseReader> CURRENT = new ThreadLocal<>();

    private final Firehose firehose;
    private final LinkSocket socket;
    private final BackendContext context;
    private final int maxFrameBytes;

    private ByteBuffer buffer = allocate(FIRST_READ_BYTES);
    private int filled;
    private int smallReads;
    private boolean isFirst = true;
    /** The end of the packet that is handled at this moment. */
    private int handledTo;
    /** True while a handler call waits, see {@link #readAhead}. */
    private boolean isAhead;
    /** The end of those packets of which the Acks have been handled ahead. */
    private int aheadTo;

    FirehoseReader(Firehose firehose, LinkSocket socket, BackendContext context) {
        this.firehose = firehose;
        this.socket = socket;
        this.context = context;
        maxFrameBytes = context.options().maxFrameBytes();
    }

    /** Reads to the end of the link, and returns how it has ended. */
    String run() throws IOException {
        CURRENT.set(this);
        try {
            return readToTheEnd();
        } finally {
            CURRENT.remove();
            context.largeFrames().release(firehose);
        }
    }

    private String readToTheEnd() throws IOException {
        while (read(true) >= 0) {
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

    /** Reads what has come. Returns how many bytes that were; -1 at the end. */
    private int read(boolean mayWait) throws IOException {
        // A channel is closed when an interrupted thread uses it, and a handler may leave an interrupt behind.
        Thread.interrupted();
        if (filled == buffer.capacity()) {
            grow();
        }
        buffer.limit(Math.min(buffer.capacity(), filled + READ_BYTES)).position(filled);
        FirehoseVersion version = firehose.version();
        version.waits(true);
        int count = socket.read(buffer, mayWait);
        version.waits(false);
        buffer.clear();
        if (count > 0) {
            filled += count;
            firehose.readings().add(context.directory().newest());
        }
        return count;
    }

    /**
     * Doubles the buffer: by what has arrived, never by a length that was announced. Uses longs, as doubling 1 GiB
     * overflows.
     */
    private void grow() throws IOException {
        long most = Math.max((long) Frame.PREFIX_BYTES + maxFrameBytes, isAhead ? MAX_AHEAD_BYTES : 0);
        int capacity = (int) Math.max(Math.min(2L * buffer.capacity(), most), READ_BYTES);
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
            handledTo = at + Frame.PREFIX_BYTES + length;
            if (handledTo > aheadTo || !LinkPackets.isAck(buffer, at, length)) {
                handle(at, length);
            }
            at = handledTo;
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
        aheadTo = Math.max(0, aheadTo - count);
        smallReads = filled < READ_BYTES ? smallReads + 1 : 0;
        if (buffer.capacity() > READ_BYTES && smallReads >= READS_BEFORE_SHRINKING) {
            buffer = allocate(READ_BYTES).put(bytes, 0, filled);
            context.largeFrames().release(firehose);
        }
    }

    // ---- reading ahead

    /** Returns the reader of a firehose 3 whose thread calls; null on other threads. */
    static @Nullable FirehoseReader ofThisThread() {
        FirehoseReader reader = CURRENT.get();
        return reader != null && reader.firehose.protocol() == 3 ? reader : null;
    }

    /**
     * Reads what has come while a handler call waits for room, and handles the Acks: these make room, so reading must not
     * wait for writing. The other packets are handled later, in their order. Does not wait for bytes.
     *
     * @throws IOException if the link is lost
     */
    void readAhead() throws IOException {
        isAhead = true;
        try {
            while (!Thread.currentThread().isInterrupted()
                    && filled - handledTo < MAX_AHEAD_BYTES
                    && socket.hasInput()
                    && read(false) > 0) {
                handleAhead();
            }
        } finally {
            isAhead = false;
        }
    }

    private void handleAhead() {
        int at = Math.max(aheadTo, handledTo);
        while (filled - at >= Frame.PREFIX_BYTES) {
            int length = buffer.getInt(at);
            if (Frame.isOverLimit(length, maxFrameBytes) || filled - at - Frame.PREFIX_BYTES < length) {
                break; // it is looked at again later
            }
            if (LinkPackets.isAck(buffer, at, length)) {
                firehose.version().handle(buffer, at, length);
            }
            at += Frame.PREFIX_BYTES + length;
        }
        aheadTo = at;
    }

    private static ByteBuffer allocate(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
