package net.voltlane.server.uplink;

/**
 * Where the master is, and the bounds of its link.
 *
 * @param host a name or an IP literal; looked up at each dial
 * @param maxFrameBytes payload of the largest frame that it may send
 * @param queuePackets data packets that may wait for it; more than that, and clients are held back
 * @param queueBytes bytes of these packets
 * @param reconnectTimeoutNanos how long it may stay away; 0: not at all; {@link Long#MAX_VALUE}: for ever
 * @param peerTimeoutNanos how long it may acknowledge nothing of what was sent; 0: for ever
 */
public record UplinkSettings(
        String host,
        int port,
        int maxFrameBytes,
        long queuePackets,
        long queueBytes,
        long reconnectTimeoutNanos,
        long peerTimeoutNanos) {}
