package net.voltlane.client;

/** The behaviour of {@code send} when the send buffer is full. */
public enum SendPolicy {
    /**
     * Waits until there is room, the client ends, or the thread is interrupted. This is the default: nothing is lost,
     * and a server that does not read holds the senders back. In a callback this policy acts as {@link #FAIL}, because
     * the thread that runs callbacks is the one that has to make the next link.
     */
    WAIT,
    /** Throws {@link SendQueueFullException} and leaves the send buffer as it is. */
    FAIL,
    /**
     * Discards the packet that has waited longest and counts it ({@link VoltlaneClient#discardedPackets()}). For
     * positions, prices and other data of which only the newest matters.
     */
    DROP_OLDEST
}
