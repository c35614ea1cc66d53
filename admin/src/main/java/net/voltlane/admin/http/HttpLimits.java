package net.voltlane.admin.http;

/**
 * The bounds of the HTTP server.
 *
 * @param connections open at the same time; a newcomer takes the place of the one that has made no progress for longest
 * @param streams open streamed answers, which count as connections too, and do not give way
 * @param headBytes of a request's line and headers
 * @param bodyBytes of a request's body
 * @param waitingBytes of complete answers that wait for all peers together; beyond that, the one that waits longest is
 *     disconnected
 * @param streamBytes that may wait for the peer of a stream
 * @param requestMillis from a request's first byte, or from accept, to its last byte
 * @param answerMillis for an endpoint to answer, and again for the peer to take the answer
 * @param idleMillis between two requests
 * @param lingerMillis for the peer to close after the last answer
 */
record HttpLimits(
        int connections,
        int streams,
        int headBytes,
        int bodyBytes,
        int waitingBytes,
        int streamBytes,
        int requestMillis,
        int answerMillis,
        int idleMillis,
        int lingerMillis) {
    /**
     * The bounds of a server in use. All connections fit into the 64 descriptors that clients do not get, so a crowd here
     * never keeps a client out.
     */
    static final HttpLimits DEFAULT =
            new HttpLimits(48, 32, 16_384, 65_536, 4 << 20, 262_144, 10_000, 10_000, 60_000, 1_000);
}
