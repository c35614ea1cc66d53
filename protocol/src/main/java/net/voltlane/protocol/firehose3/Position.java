package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The number of Data packets of a session that the backend has had. It answers {@link Opened} of an adopted session.
 *
 * <pre>
 *  byte   0             8
 *       +-------------+
 *       | u64 taken   |
 *       +-------------+
 * </pre>
 *
 * @param taken the number of Data packets, 0 to 2^53 - 1
 */
public record Position(long taken) implements FirehoseMessage {

    static Position read(FieldReader in) throws MalformedPacketException {
        return new Position(in.count("taken"));
    }

    @Override
    public int flag() {
        return MessageFlag.POSITION;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.count(taken);
    }
}
