package net.voltlane.protocol.link3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The request of a server that is about to stop: reconnect and resume at a random time within a span.
 *
 * <pre>
 *  byte   0      1            5           n
 *       +------+------------+-----------+
 *       | 06   | u32 within | elsewhere |
 *       +------+------------+-----------+
 * </pre>
 *
 * The last field is a text. It is left out where it is empty, as servers without a fleet do.
 *
 * @param withinMillis the span in milliseconds, 0 to 2^32 - 1
 * @param elsewhere host:port of a server that has the session's record too, to resume there; empty: none is named
 */
public record GoAway(long withinMillis, String elsewhere) implements LinkFrame {

    /** A request that names no other server. */
    public GoAway(long withinMillis) {
        this(withinMillis, "");
    }

    static GoAway read(FieldReader in) throws MalformedPacketException {
        long within = in.u32("within");
        return new GoAway(within, in.remaining() == 0 ? "" : in.text("elsewhere"));
    }

    @Override
    public int type() {
        return FrameType.GO_AWAY;
    }

    @Override
    public void writeBody(FieldWriter out) {
        out.u32(withinMillis);
        if (!elsewhere.isEmpty()) {
            out.text(elsewhere);
        }
    }
}
