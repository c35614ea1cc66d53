package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * An acknowledgement, in both directions: the sender has taken over the numbered packets 1 to {@code count}.
 *
 * <pre>
 *  byte   0             8
 *       +-------------+
 *       | u64 count   |
 *       +-------------+
 * </pre>
 *
 * @param count the number of numbered packets, 0 to 2^53 - 1
 */
public record Ack(long count) implements FirehoseMessage {

    static Ack read(FieldReader in) throws MalformedPacketException {
        return new Ack(in.count("count"));
    }

    @Override
    public int flag() {
        return MessageFlag.ACK;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.count(count);
    }
}
