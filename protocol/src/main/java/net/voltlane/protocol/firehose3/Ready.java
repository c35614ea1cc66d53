package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The news that a client is no longer slow.
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
public record Ready(long bytes) implements FirehoseMessage {

    static Ready read(FieldReader in) throws MalformedPacketException {
        return new Ready(in.count("bytes"));
    }

    @Override
    public int flag() {
        return MessageFlag.READY;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.count(bytes);
    }
}
