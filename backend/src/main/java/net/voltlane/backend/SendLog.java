package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The numbered packets for one server that it has not acknowledged, in the order of their numbers. They are written to one
 * link after the other, until they are acknowledged.
 *
 * <pre>
 *        acknowledged        taken          sent                     appended
 *   --------+------------------+--------------+------------------------+----&gt; numbers
 *           |  on this link,   | sent on an   | not sent on any link   |
 *           |  to be           | earlier link |                        |
 *           |  acknowledged    | only         |                        |
 * </pre>
 *
 * Guarded by the lock of its {@link ServerOutbox}.
 */
final class SendLog {
    /** The most chunks that are kept for later use. */
    private static final int POOLED_CHUNKS = 32;

    /** A receiver of frames that were not acknowledged. */
    interface Sink {
        /** Receives a packet. The array belongs to the log; the packet's data starts at {@code offset}. */
        void frame(long id, int flag, byte[] bytes, int offset, int length);
    }

    private final int chunkBytes;
    private final ArrayDeque<LogChunk> unused = new ArrayDeque<>();

    private @Nullable LogChunk first;
    private @Nullable LogChunk last;
    /** The chunk to be written next; null if there is none. */
    private @Nullable LogChunk unwritten;
    /** The chunk that the writer uses at this moment. */
    private @Nullable LogChunk inFlight;

    private long appended;
    private long sent;
    private long taken;
    private long acknowledged;
    private long bytes;
    private long unwrittenBytes;

    /** @param chunkBytes the size of a chunk; a longer frame gets a chunk of its own */
    SendLog(int chunkBytes) {
        this.chunkBytes = chunkBytes;
    }

    // ---- properties

    /** Returns the bytes of all packets that are not acknowledged. */
    long bytes() {
        return bytes;
    }

    /** Returns the bytes that were not written to this link. */
    long unwrittenBytes() {
        return unwrittenBytes;
    }

    /** Returns the number of packets that are not acknowledged. */
    long packets() {
        return appended - acknowledged;
    }

    boolean isEmpty() {
        return appended == acknowledged;
    }

    /** Returns the number of the last packet that was acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    /** Returns the number of the packet that was appended last. */
    long appended() {
        return appended;
    }

    /** Returns the number of the last packet that was handed to the writer on any link. */
    long sent() {
        return sent;
    }

    // ---- packets are appended

    void append(long id, int flag, byte[] data, int offset, int length) {
        LogChunk chunk = chunkFor(Tag.FRAME_HEADER_BYTES + length);
        chunk.begin(id, flag, length);
        chunk.put(data, offset, length);
        appended(chunk, Tag.FRAME_HEADER_BYTES + length);
    }

    /** Appends a packet with the remaining bytes of a buffer, whose position does not change. */
    void append(long id, int flag, ByteBuffer data) {
        int length = data.remaining();
        LogChunk chunk = chunkFor(Tag.FRAME_HEADER_BYTES + length);
        chunk.begin(id, flag, length);
        chunk.put(data, length);
        appended(chunk, Tag.FRAME_HEADER_BYTES + length);
    }

    private void appended(LogChunk chunk, int frameBytes) {
        appended++;
        chunk.ends(appended);
        bytes += frameBytes;
        unwrittenBytes += frameBytes;
        if (unwritten == null) {
            unwritten = chunk;
        }
    }

    private LogChunk chunkFor(int frameBytes) {
        LogChunk chunk = last;
        if (chunk != null && chunk.room() >= frameBytes) {
            return chunk;
        }
        @Nullable LogChunk pooled = frameBytes <= chunkBytes ? unused.pollLast() : null;
        LogChunk added = pooled != null ? pooled : new LogChunk(Math.max(frameBytes, chunkBytes));
        if (chunk == null) {
            first = added;
        } else {
            chunk.append(added);
        }
        last = added;
        return added;
    }

    // ---- packets are written

    /** Tells whether anything is to be written. */
    boolean hasUnwritten() {
        return unwritten != null;
    }

    /** Returns the chunk whose unwritten bytes come next; null if all is written. Its frames count as sent from now on. */
    @Nullable
    LogChunk take() {
        assert inFlight == null;
        LogChunk chunk = unwritten;
        if (chunk != null) {
            inFlight = chunk;
            taken = chunk.lastNumber();
            sent = Math.max(sent, taken);
        }
        return chunk;
    }

    /** Called when the socket has taken bytes of the chunk in flight. */
    void wrote(LogChunk chunk, int count) {
        assert chunk == inFlight;
        chunk.wrote(count);
        unwrittenBytes -= count;
    }

    /** Called when the writer does not use the chunk any more. */
    void done(LogChunk chunk) {
        assert chunk == inFlight;
        inFlight = null;
        if (chunk.isWritten()) {
            unwritten = chunk.next();
        }
        trim();
    }

    // ---- packets are acknowledged

    /** Tells whether the server can have received so many packets on this link. */
    boolean admitsAck(long number) {
        return number >= acknowledged && number <= taken;
    }

    /** Tells whether the server can have received so many packets on all links. */
    boolean admitsReceived(long number) {
        return number >= acknowledged && number <= sent;
    }

    /** Drops all packets up to a number. */
    void acknowledge(long number) {
        assert number >= acknowledged && number <= sent;
        for (LogChunk chunk = first; chunk != null && acknowledged < number; chunk = chunk.next()) {
            if (chunk.lastNumber() <= number) {
                bytes -= chunk.acknowledgeAll();
                acknowledged = chunk.lastNumber();
            } else {
                bytes -= chunk.acknowledge(number - acknowledged);
                acknowledged = number;
            }
        }
        trim();
    }

    /** Recycles chunks that are not needed any more. */
    private void trim() {
        LogChunk chunk = first;
        while (chunk != null && chunk != inFlight && chunk != unwritten && chunk.isAcknowledged()) {
            first = chunk.next();
            if (first == null) {
                last = null;
            }
            chunk.clear();
            if (chunk.capacity() == chunkBytes && unused.size() < POOLED_CHUNKS) {
                unused.add(chunk);
            }
            chunk = first;
        }
    }

    // ---- another link

    /**
     * Begins to write to another link, as the server has received all packets up to a number.
     *
     * @return the number of packets that were sent before and are sent again
     */
    long resume(long number) {
        assert inFlight == null;
        unwritten = null;
        acknowledge(number);
        for (LogChunk chunk = first; chunk != null; chunk = chunk.next()) {
            chunk.rewind();
        }
        unwritten = first;
        unwrittenBytes = bytes;
        taken = number;
        return sent - number;
    }

    /** Hands on all packets that are not acknowledged, forgets them, and begins to count anew. */
    void beginAnew(Sink sink) {
        assert inFlight == null;
        for (LogChunk chunk = first; chunk != null; chunk = chunk.next()) {
            chunk.remaining(sink);
        }
        first = null;
        last = null;
        unwritten = null;
        unused.clear();
        appended = 0;
        sent = 0;
        taken = 0;
        acknowledged = 0;
        bytes = 0;
        unwrittenBytes = 0;
    }
}
