package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The backend's counts of a session. It answers {@link Opened} of an adopted session.
 *
 * <pre>
 *  byte   0             8              16
 *       +-------------+----------------+
 *       | u64 taken   | u64 next       |
 *       |             | to client      |
 *       +-------------+----------------+
 * </pre>
 *
 * An older backend sends the first field alone.
 *
 * @param taken the number of Data packets from the client that the backend has had, 0 to 2^53 - 1
 * @param nextToClient the number of the next Data packet to the client that the backend sends, 1 to 2^53 - 1; {@link
 *     #UNKNOWN} where the packet ends before it
 */
public record Position(long taken, long nextToClient) implements FirehoseMessage {

    /** The value of {@link #nextToClient} in a packet that ends before it. */
    public static final long UNKNOWN = 0;

    /** Makes a packet without the second field. */
    public Position(long taken) {
        this(taken, UNKNOWN);
    }

    static Position read(FieldReader in) throws MalformedPacketException {
        long taken = in.count("taken");
        return new Position(taken, in.remaining() < Long.BYTES ? UNKNOWN : in.count("next to client"));
    }

    @Override
    public int flag() {
        return MessageFlag.POSITION;
    }

    /** Returns true if the backend tells the number of its next Data packet. */
    public boolean isNextKnown() {
        return nextToClient != UNKNOWN;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.count(taken);
        if (isNextKnown()) {
            out.count(nextToClient);
        }
    }
}
