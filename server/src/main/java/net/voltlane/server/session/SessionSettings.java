package net.voltlane.server.session;

/**
 * The bounds of sessions.
 *
 * @param staleTimeoutNanos how long a stale session can be resumed; 0: a lost link ends the session
 * @param maxStale how many sessions may be stale at once; 0: a lost link ends the session
 * @param missedPackets packets kept for a stale session
 * @param missedBytes bytes kept for a stale session
 */
public record SessionSettings(long staleTimeoutNanos, long maxStale, long missedPackets, long missedBytes) {
    boolean keepsStale() {
        return staleTimeoutNanos > 0 && maxStale > 0;
    }
}
