package net.voltlane.protocol.link3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * An acknowledgement: the sender has taken over the Data frames 1 to {@code count} of this session.
 *
 * <pre>
 *  byte   0      1             9
 *       +------+-------------+
 *       | 01   | u64 count   |
 *       +------+-------------+
 * </pre>
 *
 * @param count the number of Data frames, 0 to 2^53 - 1
 */
public record Ack(long count) implements LinkFrame {

    static Ack read(FieldReader in) throws MalformedPacketException {
        return new Ack(in.count("count"));
    }

    @Override
    public int type() {
        return FrameType.ACK;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.count(count);
    }
}
