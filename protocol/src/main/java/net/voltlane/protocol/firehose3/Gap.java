package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldWriter;

/**
 * The backend's answer to {@link Opened} of an adopted session if it no longer keeps the data that the client lacks. The
 * session is over for the backend. The packet has no data.
 */
public record Gap() implements FirehoseMessage {

    @Override
    public int flag() {
        return MessageFlag.GAP;
    }

    @Override
    public void writeData(FieldWriter out) {}
}
