package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The news that the client has acknowledged the Data packets 1 to {@code count} of the backend. For a client of version 2:
 * that its socket took them.
 *
 * <pre>
 *  byte   0             8
 *       +-------------+
 *       | u64 count   |
 *       +-------------+
 * </pre>
 *
 * @param count the number of Data packets, 0 to 2^53 - 1
 */
public record Delivered(long count) implements FirehoseMessage {

    static Delivered read(FieldReader in) throws MalformedPacketException {
        return new Delivered(in.count("count"));
    }

    @Override
    public int flag() {
        return MessageFlag.DELIVERED;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.count(count);
    }
}
