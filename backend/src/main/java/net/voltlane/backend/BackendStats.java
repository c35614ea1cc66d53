package net.voltlane.backend;

/**
 * A snapshot of a backend's counts. The numbers are read one after the other, not at one instant.
 *
 * @param firehoses links with connection servers
 * @param sessions sessions that have started and not ended
 * @param sessionsAway those of them that have no firehose at this moment
 * @param received packets from connection servers, of every kind
 * @param sent packets that a firehose has taken
 * @param malformed invalid packets that were skipped, and frames over the limit
 * @param dropped packets that {@link Session#send} had accepted and that are lost: their firehose broke and there was no
 *     room to keep them, or their session ended before it had a firehose again
 * @param handlerFailures calls of the handler that threw an exception
 * @param refusedFirehoses connections that were refused because there were {@link BackendOptions#maxFirehoses()}
 *     firehoses, of which none had to give way
 * @param displacedFirehoses firehoses that were cut for another connection, or because they held too much of unfinished
 *     packets
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
