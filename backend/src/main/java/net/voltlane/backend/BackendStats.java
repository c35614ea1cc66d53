package net.voltlane.backend;

/**
 * What a backend has and what it has counted so far. The numbers are taken one after the other, not at one instant.
 *
 * @param firehoses links with connection servers
 * @param sessions all that have started and not ended
 * @param sessionsAway those of them that have no firehose at present
 * @param received packets from connection servers, of every kind
 * @param sent packets that a firehose has taken
 * @param malformed packets that made no sense and were skipped, and frames over the limit
 * @param dropped packets that {@code send} had taken and that are lost: their firehose broke and there was no room to
 *     keep them, or their session ended before it had a firehose again
 * @param handlerFailures calls of the handler that have thrown
 * @param refusedFirehoses connections that were refused, as there were {@link BackendOptions#maxFirehoses()} and none
 *     had to give way
 * @param displacedFirehoses firehoses that had to give way to another connection, and those that held too much of
 *     packets that did not come to their end
 * @param refusedSessions packets that would have begun a session beyond {@link BackendOptions#maxSessions()}
 */
public record BackendStats(
        int firehoses,
        int sessions,
        int sessionsAway,
        long received,
        long sent,
        long malformed,
        long dropped,
        long handlerFailures,
        long refusedFirehoses,
        long displacedFirehoses,
        long refusedSessions) {}
