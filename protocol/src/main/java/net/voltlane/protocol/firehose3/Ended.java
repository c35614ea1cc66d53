package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * The last packet of a server about a session.
 *
 * <pre>
 *  byte   0          2           10              18            n
 *       +----------+-----------+---------------+-------------+
 *       | u16 code | u64 taken | u64 delivered | text reason |
 *       +----------+-----------+---------------+-------------+
 * </pre>
 *
 * @param code the reason as a number, 0 to 65535
 * @param taken the number of Data packets that the client sent in this session, 0 to 2^53 - 1
 * @param delivered the number of Data packets that the client has acknowledged, 0 to 2^53 - 1
 * @param reason the reason as text: that of a firehose 2, or at a kick the backend's own
 */
public record Ended(int code, long taken, long delivered, String reason) implements FirehoseMessage {

    static Ended read(FieldReader in) throws MalformedPacketException {
        return new Ended(in.u16("code"), in.count("taken"), in.count("delivered"), in.text("reason"));
    }

    @Override
    public int flag() {
        return MessageFlag.ENDED;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.u16(code).count(taken).count(delivered).text(reason);
    }

    /** The reason, or null if the number is newer than this library. */
    public @Nullable CloseCode known() {
        return CloseCode.of(code);
    }
}
