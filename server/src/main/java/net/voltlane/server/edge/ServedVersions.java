package net.voltlane.server.edge;

import net.voltlane.protocol.QueueBounds;

/**
 * The versions of the client link that are served, and the settings that only version 3 has.
 *
 * @param version2 true if version 2 is served
 * @param version3 true if version 3 is served
 * @param heartbeats the heartbeats that clients may have
 * @param waitSecs the seconds for which a session without a link waits, 0 to 2^32 - 1
 * @param unacknowledged the packets that may be kept for a live client until it acknowledges them
 */
public record ServedVersions(
        boolean version2, boolean version3, HeartbeatBounds heartbeats, long waitSecs, QueueBounds unacknowledged) {

    /** All versions, with the settings that hold by default. */
    public static final ServedVersions ALL =
            new ServedVersions(true, true, new HeartbeatBounds(5, 20, 300), 300, new QueueBounds(8192, 16 << 20));
}
