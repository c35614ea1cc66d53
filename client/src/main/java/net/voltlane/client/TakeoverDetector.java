package net.voltlane.client;

/**
 * A detector of another program that holds this session's state too. A client sees a takeover only as a link that the
 * server ends in good order. The client then resumes, which takes the session back, and this would repeat for ever. The
 * detector therefore assumes a takeover once the server has ended a few links in a row, each soon after it was made. A
 * lost network looks different: links are reset, or fall silent. For one thread.
 */
final class TakeoverDetector {

    /**
     * The lifetime under which a link counts. It is longer than another client of this SDK needs to resume, and shorter
     * than the idle timeouts of common proxies.
     */
    static final long SOON_NANOS = 20_000_000_000L;

    /** The number of such links in a row that are no accident any more. */
    static final int LIMIT = 5;

    private int inARow;

    /** Starts counting anew, for a new session. */
    void reset() {
        inARow = 0;
    }

    /**
     * Counts a link that has ended.
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
