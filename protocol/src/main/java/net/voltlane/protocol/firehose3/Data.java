package net.voltlane.protocol.firehose3;

import java.util.Arrays;
import net.voltlane.protocol.FieldWriter;

/**
 * A payload from a client or for it. All bytes of the packet behind the flag are the payload.
 *
 * @param payload any bytes, may be empty
 */
public record Data(byte[] payload) implements FirehoseMessage {

    @Override
    public int flag() {
        return MessageFlag.DATA;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.bytes(payload);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Data that && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(payload);
    }

    /** Returns the size alone: payloads belong to users, and have no place in a log. */
    @Override
    public String toString() {
        return "Data[payload=" + payload.length + " bytes]";
    }
}
