package net.voltlane.backend;

import java.util.Arrays;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;

/** What waits for sessions that have no firehose, and how much that is. Under the {@link SessionDirectory}'s lock. */
final class KeptPackets {
    private final long maxBytes;
    private final Counters counters;
    private long bytes;
    private boolean closed;

    KeptPackets(long maxBytes, Counters counters) {
        this.maxBytes = maxBytes;
        this.counters = counters;
    }

    /** From now on nothing is kept any more. */
    void close() {
        closed = true;
    }

    boolean hasRoom(int frameBytes) {
        return !closed && bytes + frameBytes <= maxBytes;
    }

    /** Keeps a packet that has no frame yet. */
    void keepData(Session session, byte[] data, int offset, int length) {
        int frameBytes = Tag.FRAME_HEADER_BYTES + length;
        Chunk frame = new Chunk(frameBytes);
        frame.begin(session.id(), Flag.DATA, length);
        frame.put(data, offset, length);
        keep(session, frame.next(frameBytes).array());
    }

    /** Keeps a copy of a frame; false if there is no room for it, be it in this process. */
    boolean keep(Session session, byte[] from, int offset, int length) {
        if (!hasRoom(length)) {
            return false;
        }
        try {
            keep(session, Arrays.copyOfRange(from, offset, offset + length));
            return true;
        } catch (OutOfMemoryError e) {
            return false; // told as a gap, the loss of one packet; failing here would make one that nobody knows of
        }
    }

    private void keep(Session session, byte[] frame) {
        session.keep(frame);
        bytes += frame.length;
    }

    /** Queues all that was kept for a session, and its kick if it has been kicked meanwhile. */
    void send(Session session, Outbox outbox) {
        for (byte[] frame = session.takeKept(); frame != null; frame = session.takeKept()) {
            bytes -= frame.length;
            outbox.appendKept(frame);
        }
        if (session.isKicked()) {
            outbox.appendKick(session.id()); // the first one may be lost; a second does no harm
        }
    }

    /** The session has ended. */
    void drop(Session session) {
        for (byte[] frame = session.takeKept(); frame != null; frame = session.takeKept()) {
            bytes -= frame.length;
            counters.dropped.increment();
        }
    }
}
