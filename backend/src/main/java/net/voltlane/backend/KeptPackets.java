package net.voltlane.backend;

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
    void keep(Session session, byte[] data, int offset, int length) {
        int frameBytes = Tag.FRAME_HEADER_BYTES + length;
        Chunk frame = new Chunk(frameBytes);
        frame.begin(session.id(), Flag.DATA, length);
        frame.put(data, offset, length);
        keep(session, frame.next(frameBytes).array());
    }

    void keep(Session session, byte[] frame) {
        bytes += frame.length;
        session.keep(frame);
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
