package net.voltlane.server.uplink;

import net.voltlane.protocol.Limits;

/**
 * The version of the firehose, which stays the same for as long as the server runs.
 *
 * @param protocol 2 or 3
 * @param announcesAtOpen version 3: the master learns of a session at once, and not with its client's first packet
 * @param instance version 3: 16 random bytes, the name of this process
 */
public record FirehoseSettings(int protocol, boolean announcesAtOpen, byte[] instance) {
    /** Version 2. */
    public static final FirehoseSettings VERSION_2 = new FirehoseSettings(Limits.PROTOCOL_VERSION, false, new byte[0]);

    boolean isVersion3() {
        return protocol == Limits.PROTOCOL_VERSION_3;
    }
}
