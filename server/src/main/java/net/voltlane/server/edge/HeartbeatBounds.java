package net.voltlane.server.edge;

/**
 * The heartbeats that clients of version 3 may have, in seconds.
 *
 * @param minSecs the shortest, 1 to 65535
 * @param defaultSecs the heartbeat of a client that does not ask for one, from the shortest to the longest
 * @param maxSecs the longest, from the shortest to 65535
 */
public record HeartbeatBounds(int minSecs, int defaultSecs, int maxSecs) {

    /** The allowed heartbeat nearest to the one that a client wishes; 0: it wishes none in particular. */
    int answerTo(int wishSecs) {
        return wishSecs == 0 ? defaultSecs : Math.max(minSecs, Math.min(wishSecs, maxSecs));
    }
}
