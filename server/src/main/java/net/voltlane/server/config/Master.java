package net.voltlane.server.config;

/**
 * Section {@code master}: the backend that the server dials.
 *
 * @param address where the backend listens
 * @param channelCapacity packets that may wait for the master before clients are held back, at least 1
 * @param channelCapacityBytes the same bound in bytes, at least 1
 * @param reconnectTimeoutSecs seconds for which a lost master is redialled before the server ends; 0: it ends at
 *     once; {@link Long#MAX_VALUE}: it is redialled for ever
 * @param peerTimeoutSecs seconds for which it may acknowledge nothing of what was sent, 0 to 3600; 0: for ever
 */
public record Master(
        Address address,
        long channelCapacity,
        long channelCapacityBytes,
        long reconnectTimeoutSecs,
        int peerTimeoutSecs) {

    /** This, with another address. */
    public Master withAddress(Address address) {
        return new Master(address, channelCapacity, channelCapacityBytes, reconnectTimeoutSecs, peerTimeoutSecs);
    }

    /** This, with another bound in packets. */
    public Master withChannelCapacity(long channelCapacity) {
        return new Master(address, channelCapacity, channelCapacityBytes, reconnectTimeoutSecs, peerTimeoutSecs);
    }

    /** This, with another bound in bytes. */
    public Master withChannelCapacityBytes(long channelCapacityBytes) {
        return new Master(address, channelCapacity, channelCapacityBytes, reconnectTimeoutSecs, peerTimeoutSecs);
    }

    /** This, with another timeout in seconds; 0: end at once. */
    public Master withReconnectTimeoutSecs(long reconnectTimeoutSecs) {
        return new Master(address, channelCapacity, channelCapacityBytes, reconnectTimeoutSecs, peerTimeoutSecs);
    }

    /** This, with another timeout in seconds; 0: none. */
    public Master withPeerTimeoutSecs(int peerTimeoutSecs) {
        return new Master(address, channelCapacity, channelCapacityBytes, reconnectTimeoutSecs, peerTimeoutSecs);
    }
}
