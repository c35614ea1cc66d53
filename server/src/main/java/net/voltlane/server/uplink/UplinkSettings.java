package net.voltlane.server.uplink;

/**
 * The master's address, and the bounds of its link.
 *
 * @param host a name or an IP literal, looked up at each dial; or the path of a Unix socket, which begins with a slash
 * @param port 0 for a Unix socket
 * @param maxFrameBytes payload of the largest frame that the master may send
 * @param queuePackets data packets that wait for the master at which clients are held back
 * @param queueBytes bytes of these packets at which clients are held back
 * @param reconnectTimeoutNanos time that the master may stay away; 0: none, {@link Long#MAX_VALUE}: any
 * @param peerTimeoutNanos time that the master may acknowledge nothing of what was sent; 0: any
 */
public record UplinkSettings(
        String host,
        int port,
        int maxFrameBytes,
        long queuePackets,
        long queueBytes,
        long reconnectTimeoutNanos,
        long peerTimeoutNanos) {

    /** True if the master listens on a Unix socket. */
    boolean isUnix() {
        return host.startsWith("/");
    }
}
