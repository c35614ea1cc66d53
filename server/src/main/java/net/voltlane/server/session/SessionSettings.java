package net.voltlane.server.session;

import net.voltlane.protocol.QueueBounds;

/**
 * The bounds of sessions.
 *
 * @param staleTimeoutNanos time for which a stale session can be resumed; 0: a lost link ends the session
 * @param maxStale the most sessions that may be stale at once; 0: a lost link ends the session
 * @param maxStalePerIp the most stale sessions that may have been lost at one IPv4 address, or one IPv6 /64; four times
 *     as many at a /56, and sixteen times as many at a /48; 0: any number
 * @param missed the most packets, and bytes with their prefixes, that are kept for a stale session of version 2
 * @param unacknowledged the most packets, and bytes with their prefixes, that are kept for a session of version 3 until
 *     its client acknowledges them
 * @param logsEnds true if the end of each session has a line in the log at Info, otherwise at Debug
 */
public record SessionSettings(
        long staleTimeoutNanos,
        long maxStale,
        long maxStalePerIp,
        QueueBounds missed,
        QueueBounds unacknowledged,
        boolean logsEnds) {
    private static final QueueBounds DEFAULT_UNACKNOWLEDGED = new QueueBounds(8192, 16 << 20);

    /** Settings with the usual bounds for sessions of version 3. */
    public SessionSettings(
            long staleTimeoutNanos, long maxStale, long maxStalePerIp, QueueBounds missed, boolean logsEnds) {
        this(staleTimeoutNanos, maxStale, maxStalePerIp, missed, DEFAULT_UNACKNOWLEDGED, logsEnds);
    }

    /** Bounds, with no line at Info for the end of a session. */
    public SessionSettings(long staleTimeoutNanos, long maxStale, long maxStalePerIp, QueueBounds missed) {
        this(staleTimeoutNanos, maxStale, maxStalePerIp, missed, false);
    }

    /** Bounds with none for one address. */
    public SessionSettings(long staleTimeoutNanos, long maxStale, long missedPackets, long missedBytes) {
        this(staleTimeoutNanos, maxStale, 0, new QueueBounds(missedPackets, missedBytes));
    }

    boolean keepsStale() {
        return staleTimeoutNanos > 0 && maxStale > 0;
    }
}
