package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The backend's news that another server has the session. Nothing that this server sends for it is taken any more.
 *
 * <pre>
 *  byte   0             8
 *       +-------------+
 *       | u64 epoch   |
 *       +-------------+
 * </pre>
 *
 * @param epoch the epoch under which the other server has the session, 1 to 2^53 - 1: the receiver's own, or a higher one
 */
public record Elsewhere(long epoch) implements FirehoseMessage {

    static Elsewhere read(FieldReader in) throws MalformedPacketException {
        return new Elsewhere(in.count("epoch"));
    }

    @Override
    public int flag() {
        return MessageFlag.ELSEWHERE;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.count(epoch);
    }
}
