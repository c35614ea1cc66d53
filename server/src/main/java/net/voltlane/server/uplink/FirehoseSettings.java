package net.voltlane.server.uplink;

import net.voltlane.protocol.Limits;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.link.Transport;

/**
 * The version and the transport of the firehose, which stay the same for as long as the server runs.
 *
 * @param protocol 2 or 3
 * @param announcesAtOpen version 3: the master learns of a session at once, and not with its client's first packet
 * @param instance version 3: 16 random bytes, the name of this process
 * @param transport the layers between the link's socket and the frames of the master
 */
public record FirehoseSettings(int protocol, boolean announcesAtOpen, byte[] instance, Transport transport) {
    /** Bare TCP. */
    public FirehoseSettings(int protocol, boolean announcesAtOpen, byte[] instance) {
        this(protocol, announcesAtOpen, instance, TcpTransport.INSTANCE);
    }

    /** Version 2. */
    public static final FirehoseSettings VERSION_2 = new FirehoseSettings(Limits.PROTOCOL_VERSION, false, new byte[0]);

    boolean isVersion3() {
        return protocol == Limits.PROTOCOL_VERSION_3;
    }
}
