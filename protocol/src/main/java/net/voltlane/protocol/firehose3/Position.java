package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The backend's counts of a session. It answers {@link Opened} of an adopted session.
 *
 * <pre>
 *  byte   0             8              16          24
 *       +-------------+----------------+-----------+
 *       | u64 taken   | u64 next       | u64 epoch |
 *       |             | to client      |           |
 *       +-------------+----------------+-----------+
 * </pre>
 *
 * A packet may end after the first field or after the second.
 *
 * @param taken the number of Data packets from the client that the backend has had, 0 to 2^53 - 1
 * @param nextToClient the number of the next Data packet to the client that the backend sends, 1 to 2^53 - 1; {@link
 *     #UNKNOWN} where the packet ends before it
 * @param epoch the epoch of the Opened that this answers, 1 to 2^53 - 1; {@link #UNKNOWN} where the packet ends before it
 */
public record Position(long taken, long nextToClient, long epoch) implements FirehoseMessage {

    /** The value of a field that the packet does not have. */
    public static final long UNKNOWN = 0;

    /** Makes a packet with the first field alone. */
    public Position(long taken) {
        this(taken, UNKNOWN, UNKNOWN);
    }

    /** Makes a packet without an epoch. */
    public Position(long taken, long nextToClient) {
        this(taken, nextToClient, UNKNOWN);
    }

    static Position read(FieldReader in) throws MalformedPacketException {
        long taken = in.count("taken");
        long nextToClient = in.remaining() < Long.BYTES ? UNKNOWN : in.count("next to client");
        return new Position(taken, nextToClient, in.remaining() < Long.BYTES ? UNKNOWN : in.count("epoch"));
    }

    @Override
    public int flag() {
        return MessageFlag.POSITION;
    }

    /** Returns true if the backend tells the number of its next Data packet. */
    public boolean isNextKnown() {
        return nextToClient != UNKNOWN;
    }

    /** Returns true if this may be the answer to the Opened of this epoch. */
    public boolean answers(long openedEpoch) {
        return epoch == UNKNOWN || epoch == openedEpoch;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.count(taken);
        if (isNextKnown() || epoch != UNKNOWN) {
            out.count(nextToClient);
        }
        if (epoch != UNKNOWN) {
            out.count(epoch);
        }
    }
}
