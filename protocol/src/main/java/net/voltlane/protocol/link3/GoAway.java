package net.voltlane.protocol.link3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The request of a server that is about to stop: reconnect and resume at a random time within a span.
 *
 * <pre>
 *  byte   0      1            5
 *       +------+------------+
 *       | 06   | u32 within |
 *       +------+------------+
 * </pre>
 *
 * @param withinMillis the span in milliseconds, 0 to 2^32 - 1
 */
public record GoAway(long withinMillis) implements LinkFrame {

    static GoAway read(FieldReader in) throws MalformedPacketException {
        return new GoAway(in.u32("within"));
    }

    @Override
    public int type() {
        return FrameType.GO_AWAY;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.u32(withinMillis);
    }
}
