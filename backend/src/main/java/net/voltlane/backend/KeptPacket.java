package net.voltlane.backend;

import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.MessageFlag;

/**
 * A packet that waits until its server has opened its session to the present pair of instances.
 *
 * @param flag Data or Kick
 * @param data belongs to this packet
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeptPacket(int flag, byte[] data) {

    boolean isData() {
        return flag == MessageFlag.DATA;
    }

    int frameBytes() {
        return Tag.FRAME_HEADER_BYTES + data.length;
    }
}
