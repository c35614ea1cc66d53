package net.voltlane.protocol.firehose3;

import java.util.HexFormat;
import net.voltlane.protocol.FieldWriter;

/**
 * A packet of firehose 3 without its id. All are immutable values, but for the arrays in them: do not change an array while
 * its packet is in use.
 *
 * <pre>
 *  byte   0        8      9             n
 *       +--------+------+---- ... ----+
 *       | u64 id | flag |    data     |
 *       +--------+------+---- ... ----+
 * </pre>
 *
 * The byte diagrams of the single packets show the data.
 */
public sealed interface FirehoseMessage
        permits Hello,
                Welcome,
                Ack,
                Ping,
                Pong,
                Data,
                Ended,
                Kick,
                Resumed,
                Opened,
                Suspended,
                Delivered,
                Position,
                Slow,
                Ready,
                Elsewhere,
                Gap {

    /** The id of packets about the link itself. */
    long LINK_ID = 0;

    /** The length of the name of a server process or backend process. */
    int INSTANCE_BYTES = 16;

    /** The most bytes that a Ping or Pong carries. */
    int MAX_PING_BYTES = 16;

    /** The packet's {@link MessageFlag}. */
    int flag();

    /**
     * Writes all that follows the flag.
     *
     * @throws IllegalArgumentException if a value does not fit its field
     */
    void writeData(FieldWriter out);

    /** Returns true if all bytes of an instance's name are zero: the name of none. */
    static boolean isZero(byte[] instance) {
        for (byte b : instance) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the name of an instance as text for people. */
    static String hex(byte[] instance) {
        return HexFormat.of().formatHex(instance);
    }
}
