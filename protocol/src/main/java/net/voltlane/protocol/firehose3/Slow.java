package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The news that much is kept for a client that does not acknowledge it.
 *
 * <pre>
 *  byte   0             8
 *       +-------------+
 *       | u64 bytes   |
 *       +-------------+
 * </pre>
 *
 * @param bytes the number of bytes kept for this client, 0 to 2^53 - 1
 */
public record Slow(long bytes) implements FirehoseMessage {

    static Slow read(FieldReader in) throws MalformedPacketException {
        return new Slow(in.count("bytes"));
    }

    @Override
    public int flag() {
        return MessageFlag.SLOW;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.count(bytes);
    }
}
