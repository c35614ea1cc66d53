package net.voltlane.server.edge;

import net.voltlane.protocol.QueueBounds;

/**
 * The bounds of client links, the addresses that may speak for clients, and the versions that clients may speak.
 *
 * @param maxFrameBytes payload of the largest frame that a client may send
 * @param handshakeTimeoutNanos from accept until the session is open or resumed
 * @param channel what may wait for a live client
 * @param blocksOnOverflow true: the firehose waits for a client over its bound; false: its session fails
 * @param peerTimeoutNanos how long a client may acknowledge nothing of what was sent; 0: for ever
 * @param trustedProxies the addresses that may speak for others
 * @param versions the versions of the client link, with what only version 3 has
 */
public record EdgeSettings(
        int maxFrameBytes,
        long handshakeTimeoutNanos,
        QueueBounds channel,
        boolean blocksOnOverflow,
        long peerTimeoutNanos,
        TrustedProxies trustedProxies,
        ServedVersions versions) {

    /** Settings for connections of all versions that come from the clients themselves. */
    public EdgeSettings(
            int maxFrameBytes,
            long handshakeTimeoutNanos,
            QueueBounds channel,
            boolean blocksOnOverflow,
            long peerTimeoutNanos) {
        this(
                maxFrameBytes,
                handshakeTimeoutNanos,
                channel,
                blocksOnOverflow,
                peerTimeoutNanos,
                TrustedProxies.NONE,
                ServedVersions.ALL);
    }
}
