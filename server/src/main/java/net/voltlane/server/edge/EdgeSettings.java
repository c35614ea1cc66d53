package net.voltlane.server.edge;

import net.voltlane.protocol.QueueBounds;

/**
 * The bounds of client links.
 *
 * @param maxFrameBytes payload of the largest frame that a client may send
 * @param handshakeTimeoutNanos from accept until the session is open or resumed
 * @param channel what may wait for a live client
 * @param blocksOnOverflow true: the firehose waits for a client over its bound; false: its session fails
 * @param peerTimeoutNanos how long a client may acknowledge nothing of what was sent; 0: for ever
 */
public record EdgeSettings(
        int maxFrameBytes,
        long handshakeTimeoutNanos,
        QueueBounds channel,
        boolean blocksOnOverflow,
        long peerTimeoutNanos) {}
