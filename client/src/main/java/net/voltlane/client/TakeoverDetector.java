package net.voltlane.client;

/**
 * Tells when somebody else holds this session's state, too. All that a client sees of a takeover is that the server
 * ends its link in good order; it then resumes, which takes the session back, and so on, for ever. So when the server
 * has ended a few links in a row, each soon after it was made, that is what is going on. A lost network looks
 * different: it resets links, or falls silent. For one thread.
 */
final class TakeoverDetector {

    /** Longer than a rival of our own make needs to come back, shorter than the idle timeouts of common proxies. */
    static final long SOON_NANOS = 20_000_000_000L;

    /** So many in a row are no accident any more. */
    static final int LIMIT = 5;

    private int inARow;

    /** The session is another one. */
    void reset() {
        inARow = 0;
    }

    /**
     * A link has ended.
     *
     * @param inGoodOrder whether it ended with the server's FIN
     */
    void linkEnded(boolean inGoodOrder, long livedNanos) throws TakenOverException {
        inARow = inGoodOrder && livedNanos < SOON_NANOS ? inARow + 1 : 0;
        if (inARow >= LIMIT) {
            throw new TakenOverException(
                    "the server ended " + inARow + " links in a row soon after they were made: somebody else holds this"
                            + " session's state, too",
                    null);
        }
    }
}
