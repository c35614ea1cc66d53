package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The news that a session has moved to a new client link. Comes before all data from that link.
 *
 * <pre>
 *  byte   0             1             n
 *       +-------------+-------------+
 *       | u8 takeover | text remote |
 *       +-------------+-------------+
 * </pre>
 *
 * @param takeover true if the session was not suspended: the new link took over from one that looked alive. Any byte but 0
 *     is read as true
 * @param remote the client's new address and port
 */
public record Resumed(boolean takeover, String remote) implements FirehoseMessage {

    static Resumed read(FieldReader in) throws MalformedPacketException {
        return new Resumed(in.u8("takeover") != 0, in.text("remote"));
    }

    @Override
    public int flag() {
        return MessageFlag.RESUMED;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.u8(takeover ? 1 : 0).text(remote);
    }
}
