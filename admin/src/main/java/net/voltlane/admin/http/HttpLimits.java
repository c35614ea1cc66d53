package net.voltlane.admin.http;

/**
 * The bounds of the HTTP server.
 *
 * @param connections open at the same time; a newcomer takes the place of the one that has waited longest for a request
 * @param streams open streamed answers, which count as connections too
 * @param headBytes of a request's line and headers
 * @param bodyBytes of a request's body
 * @param streamBytes that may wait for the peer of a stream
 * @param requestMillis from a request's first byte, or from accept, to its last byte
 * @param answerMillis for an endpoint to answer, and again for the peer to take the answer
 * @param idleMillis between two requests
 */
record HttpLimits(
        int connections,
        int streams,
        int headBytes,
        int bodyBytes,
        int streamBytes,
        int requestMillis,
        int answerMillis,
        int idleMillis) {
    static final HttpLimits DEFAULT = new HttpLimits(128, 32, 16_384, 16_384, 262_144, 10_000, 15_000, 60_000);
}
