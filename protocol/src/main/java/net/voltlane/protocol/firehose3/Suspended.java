package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The news that a session has lost its client link and waits to be resumed.
 *
 * <pre>
 *  byte   0            n
 *       +------------+
 *       | text cause |
 *       +------------+
 * </pre>
 *
 * @param cause the reason why the link was lost, as text for people
 */
public record Suspended(String cause) implements FirehoseMessage {

    static Suspended read(FieldReader in) throws MalformedPacketException {
        return new Suspended(in.text("cause"));
    }

    @Override
    public int flag() {
        return MessageFlag.SUSPENDED;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.text(cause);
    }
}
