package net.voltlane.client;

import org.jspecify.annotations.Nullable;

/**
 * Judges failed attempts to get a link: try again, or is this the end? One for each absence, for one thread.
 *
 * <pre>
 *  unreachable, no answer in time, hung up             try again until the time is over
 *  rubbish                                             the same: it may be a network's login page
 *  closed in good order where the challenge was due    try again a few times, then the session is gone
 *  the challenge does not open                         the same: it may come from another server at that address, or
 *                                                      from somebody on the path
 *  another server key than the session was opened with try again a few times, nothing is disclosed to it; then the end
 *  another server key than the pinned one              the end at once: that is what pinning is for
 * </pre>
 *
 * A challenge that opens shows that the session lives: whatever goes wrong after it is an ordinary failure, and the
 * attempts before it are forgotten.
 */
final class RetryPolicy {

    /**
     * So many answers that speak against the session are believed. One may come from a server that is overloaded, that
     * is another one, or that is none.
     */
    static final int FEW = 5;

    private final long limitNanos;
    private final boolean pinned;
    private int refusals;
    private int otherKeys;

    private RetryPolicy(long limitNanos, boolean pinned) {
        this.limitNanos = limitNanos;
        this.pinned = pinned;
    }

    /** For a program that waits for its client to connect: it wants to hear at once of whatever is wrong. */
    static RetryPolicy none() {
        return new RetryPolicy(0, true);
    }

    /**
     * For a session that has lost its link.
     *
     * @param pinned whether the program has named the server's key
     */
    static RetryPolicy until(long limitNanos, boolean pinned) {
        return new RetryPolicy(limitNanos, pinned);
    }

    /** The server has shown that it knows the session. */
    void sessionLives() {
        refusals = 0;
        otherKeys = 0;
    }

    /**
     * What a failure means.
     *
     * @param awayNanos how long there has been no link
     * @return null: try again
     */
    @Nullable
    ClientException verdict(ClientException failure, long awayNanos) {
        if (failure instanceof HungUpException hungUp && hungUp.insteadOfChallenge()) {
            return ++refusals < FEW
                    ? null
                    : new SessionGoneException(
                            "the server refused " + refusals
                                    + " attempts to resume, this one by hanging up: it does not know the session",
                            failure);
        }
        return switch (failure.reason()) {
            case UNREACHABLE, TIMED_OUT, HUNG_UP, PROTOCOL_VIOLATION -> awayNanos < limitNanos ? null : failure;
            case SESSION_GONE -> ++refusals < FEW ? null : failure;
            case SERVER_KEY_CHANGED -> !pinned && ++otherKeys < FEW ? null : failure;
            default -> failure;
        };
    }

    /**
     * Shortens a wait to what is left of the time, so that the last attempt is made when it is over, not long after.
     */
    long cap(long pauseNanos, long awayNanos) {
        long leftNanos = limitNanos - awayNanos;
        return leftNanos > 0 ? Math.min(pauseNanos, leftNanos) : pauseNanos;
    }
}
