package net.voltlane.backend;

import java.util.Arrays;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;

/**
 * The packets that wait for sessions without a firehose, in bounded space. Guarded by the {@link SessionDirectory}'s
 * lock.
 */
final class KeptPackets {
    private final long maxBytes;
    private final Counters counters;
    private long bytes;

    KeptPackets(long maxBytes, Counters counters) {
        this.maxBytes = maxBytes;
        this.counters = counters;
    }

    boolean hasRoom(int frameBytes) {
        return bytes + frameBytes <= maxBytes;
    }

    /** Keeps a packet that is not framed yet. */
    void keepData(Session session, byte[] data, int offset, int length) {
        int frameBytes = Tag.FRAME_HEADER_BYTES + length;
        Chunk frame = new Chunk(frameBytes);
        frame.begin(session.id(), Flag.DATA, length);
        frame.put(data, offset, length);
        keep(session, frame.next(frameBytes).array());
    }

    /** Keeps a copy of a frame. Returns false if there is no room for it, or no memory in this process. */
    boolean keep(Session session, byte[] from, int offset, int length) {
        if (!hasRoom(length)) {
            return false;
        }
        try {
            keep(session, Arrays.copyOfRange(from, offset, offset + length));
            return true;
        } catch (OutOfMemoryError e) {
            return false; // the packet counts as dropped; an error here would lose it without a trace
        }
    }

    private void keep(Session session, byte[] frame) {
        session.keep(frame);
        bytes += frame.length;
    }

    /** Queues all packets that were kept for a session, and a kick if it was kicked meanwhile. */
    void send(Session session, Outbox outbox) {
        for (byte[] frame = session.takeKept(); frame != null; frame = session.takeKept()) {
            bytes -= frame.length;
            outbox.appendKept(frame);
        }
        if (session.isKicked()) {
            outbox.appendKick(session.id()); // the first kick may be lost, and a second one does no harm
        }
    }

    /** Drops the packets of a session that has ended. */
    void drop(Session session) {
        for (byte[] frame = session.takeKept(); frame != null; frame = session.takeKept()) {
            bytes -= frame.length;
            counters.dropped.increment();
        }
    }
}
