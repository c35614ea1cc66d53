package net.voltlane.client;

import org.jspecify.annotations.Nullable;

/**
 * The policy for failed attempts to get a link: try again, or end the client. One instance for each lost link, for one
 * thread.
 *
 * <pre>
 *  unreachable, no answer in time, hung up       try again until the time is over
 *  not this protocol                             try again until the time is over: it may be a network's login page
 *  closed in good order instead of a challenge   try again a few times, then the session is gone
 *  the challenge can't be decrypted              try again a few times, then the session is gone: the challenge may
 *                                                come from another server at that address, or from an attacker on the
 *                                                path
 *  another server key than the session's         try again a few times, then end; nothing is disclosed to that server
 *  another server key than the pinned one        end at once: that is what pinning is for
 * </pre>
 *
 * A challenge that can be decrypted shows that the server knows the session. A failure after it is an ordinary one, and
 * the attempts before it are forgotten.
 */
final class RetryPolicy {

    /**
     * The number of answers against the session after which they are believed. A single one may come from an overloaded
     * server, from another server, or from something that is no server at all.
     */
    static final int MAX_REFUSALS = 5;

    private final long limitNanos;
    private final boolean pinned;
    private int refusals;
    private int otherKeys;

    private RetryPolicy(long limitNanos, boolean pinned) {
        this.limitNanos = limitNanos;
        this.pinned = pinned;
    }

    /** Returns a policy for a program that waits for its client to connect: every failure is reported at once. */
    static RetryPolicy none() {
        return new RetryPolicy(0, true);
    }

    /**
     * Returns a policy for a session that has lost its link.
     *
     * @param pinned whether the program has named the server's key
     */
    static RetryPolicy until(long limitNanos, boolean pinned) {
        return new RetryPolicy(limitNanos, pinned);
    }

    /** Called when the server has shown that it knows the session: forgets the answers against it. */
    void sessionConfirmed() {
        refusals = 0;
        otherKeys = 0;
    }

    /**
     * Judges a failed attempt.
     *
     * @param awayNanos the time since the link was lost
     * @return the exception that ends the client; null to try again
     */
    @Nullable
    ClientException verdict(ClientException failure, long awayNanos) {
        if (failure instanceof HungUpException hungUp && hungUp.insteadOfChallenge()) {
            return ++refusals < MAX_REFUSALS
                    ? null
                    : new SessionGoneException(
                            "the server refused " + refusals
                                    + " attempts to resume, this one by hanging up: it does not know the session",
                            failure);
        }
        return switch (failure.reason()) {
            case UNREACHABLE, TIMED_OUT, HUNG_UP, PROTOCOL_VIOLATION -> awayNanos < limitNanos ? null : failure;
            case SESSION_GONE -> ++refusals < MAX_REFUSALS ? null : failure;
            case SERVER_KEY_CHANGED -> !pinned && ++otherKeys < MAX_REFUSALS ? null : failure;
            default -> failure;
        };
    }

    /**
     * Shortens a wait to the time that is left, so that the last attempt is made when the time is over, and not long
     * after.
     */
    long cap(long pauseNanos, long awayNanos) {
        long leftNanos = limitNanos - awayNanos;
        return leftNanos > 0 ? Math.min(pauseNanos, leftNanos) : pauseNanos;
    }
}
