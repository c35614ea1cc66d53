package net.voltlane.client;

/** What {@code send} does when as many packets or bytes are waiting as the send buffer may hold. */
public enum SendPolicy {
    /**
     * Waits until there is room, the client ends, or the thread is interrupted. The default: nothing is lost, and a
     * server that does not read holds its senders back. In a callback nothing can be waited for, as the thread that
     * would bring the link back is the very one that calls; there it is {@link #FAIL}.
     */
    WAIT,
    /** Throws {@link SendQueueFullException} and leaves the queue as it is. */
    FAIL,
    /**
     * Discards what has waited longest and counts it ({@link VoltlaneClient#discardedPackets()}): for positions, prices
     * and others where only the newest matters.
     */
    DROP_OLDEST
}
