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
 * @param resent packets that were sent to a server again, as a lost firehose 3 may not have delivered them
 * @param repeated packets of data that a server has sent again on a firehose 3, and that were not handed to the handler a
 *     second time
 * @param failedHandshakes connections that were refused because the handshake of TLS failed, see
 *     {@link BackendOptions#withTls(BackendTls)}
 * @param adopted sessions that went on at another server, see {@link Handler#resumed}
 * @param elsewhere answers to servers that another one has the session
 * @param gaps sessions that ended because another server could not go on with them: what their clients lacked was not kept
 * @param undeliveredBytes memory of the packets that are kept until clients have acknowledged them, see {@link
 *     BackendOptions#undeliveredBytes()}
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
        long refusedSessions,
        long resent,
        long repeated,
        long failedHandshakes,
        long adopted,
        long elsewhere,
        long gaps,
        long undeliveredBytes) {

    /**
     * Creates a snapshot of a backend whose sessions have kept their servers.
     *
     * @param firehoses links with connection servers
     * @param sessions sessions that have started and not ended
     * @param sessionsAway those of them that have no firehose at this moment
     * @param received packets from connection servers
     * @param sent packets that a firehose has taken
     * @param malformed invalid packets
     * @param dropped packets that are lost
     * @param handlerFailures calls of the handler that threw an exception
     * @param refusedFirehoses connections that were refused
     * @param displacedFirehoses firehoses that were cut for another connection
     * @param refusedSessions packets that would have begun a session beyond the bound
     * @param resent packets that were sent to a server again
     * @param repeated packets of data that a server has sent again
     * @param failedHandshakes connections that were refused because the handshake of TLS failed
     */
    public BackendStats(
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
            long refusedSessions,
            long resent,
            long repeated,
            long failedHandshakes) {
        this(
                firehoses,
                sessions,
                sessionsAway,
                received,
                sent,
                malformed,
                dropped,
                handlerFailures,
                refusedFirehoses,
                displacedFirehoses,
                refusedSessions,
                resent,
                repeated,
                failedHandshakes,
                0,
                0,
                0,
                0);
    }

    /**
     * Creates a snapshot of a backend without a firehose 3.
     *
     * @param firehoses links with connection servers
     * @param sessions sessions that have started and not ended
     * @param sessionsAway those of them that have no firehose at this moment
     * @param received packets from connection servers
     * @param sent packets that a firehose has taken
     * @param malformed invalid packets
     * @param dropped packets that are lost
     * @param handlerFailures calls of the handler that threw an exception
     * @param refusedFirehoses connections that were refused
     * @param displacedFirehoses firehoses that were cut for another connection
     * @param refusedSessions packets that would have begun a session beyond the bound
     */
    public BackendStats(
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
            long refusedSessions) {
        this(
                firehoses,
                sessions,
                sessionsAway,
                received,
                sent,
                malformed,
                dropped,
                handlerFailures,
                refusedFirehoses,
                displacedFirehoses,
                refusedSessions,
                0,
                0,
                0,
                0,
                0,
                0,
                0);
    }
}
