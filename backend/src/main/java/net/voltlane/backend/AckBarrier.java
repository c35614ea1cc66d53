package net.voltlane.backend;

/**
 * The packets that must not be acknowledged yet, as their answers were not written. A server that has lost a session to
 * another one has to learn that before it learns that this backend has received, and dropped, what it sent: it would tell
 * its client that the packets were taken over.
 *
 * <p>An answer that is added while others wait belongs to a second stage, so that acknowledgements make progress however
 * many answers there are. Guarded by the lock of a {@link ServerOutbox}.
 */
final class AckBarrier {
    private static final long NONE = Long.MAX_VALUE;

    /** The most packets that may be acknowledged before the send log's packet {@link #until} is written. */
    private long limit = NONE;

    private long until;
    private long nextLimit = NONE;
    private long nextUntil;

    /**
     * Adds an answer.
     *
     * @param received the number of packets that were received before the one that it answers
     * @param number the answer's number in the send log
     */
    void add(long received, long number) {
        if (limit == NONE) {
            limit = received;
            until = number;
        } else {
            nextLimit = Math.min(nextLimit, received);
            nextUntil = number;
        }
    }

    /**
     * Returns how many packets may be acknowledged.
     *
     * @param received the number of packets that were received
     * @param written the number of the last packet of the send log that was written to this link
     */
    long admits(long received, long written) {
        while (limit != NONE && written >= until) {
            limit = nextLimit;
            until = nextUntil;
            nextLimit = NONE;
        }
        return Math.min(received, limit);
    }

    /** Forgets all answers, as both sides begin to count anew. */
    void clear() {
        limit = NONE;
        nextLimit = NONE;
    }
}
