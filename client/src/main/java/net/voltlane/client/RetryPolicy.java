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
 *  TLS, but for the next line                    try again until the time is over
 *  a certificate that is not that of the server  try again a few times, then end: it may be a network's login page, and
 *                                                nothing is disclosed to it
 *
 *  version 3: a server closes the link with a reason, see {@link CloseCodes}
 *  busy, stopping                                try again until the time is over
 *  closed instead of a challenge                 try again; once the waiting time of the session is over, it is gone
 *                                                after a few times
 *  any other reason                              try again a few times, then believe it: anybody on the path can say so
 *  an unknown reason                             try again once, then the session is gone
 *  a gap in the counts that the server proved    end at once
 * </pre>
 *
 * In version 2, a challenge that can be decrypted shows that the server knows the session. A failure after it is an ordinary one, and
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
    /** The time after which a server that closes the link instead of giving a challenge may be believed. */
    private long waitingTimeNanos;

    private boolean unknownCode;
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

    /**
     * Adapts this policy to the session.
     *
     * @param waitNanos how long the server keeps the session at least; 0 in version 2, which does not tell
     * @param code whether the last link was closed for a reason that is not known
     * @return this
     */
    RetryPolicy forSession(long waitNanos, boolean code) {
        waitingTimeNanos = waitNanos;
        unknownCode = code;
        return this;
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
        if (failure instanceof HungUpException hungUp && hungUp.insteadOfChallenge() && awayNanos >= waitingTimeNanos) {
            return ++refusals < MAX_REFUSALS
                    ? null
                    : new SessionGoneException(
                            "the server refused " + refusals
                                    + " attempts to resume, this one by hanging up: it does not know the session",
                            failure);
        }
        if (failure instanceof ClosedByServerException && failure.reason() == CloseReason.HUNG_UP) {
            boolean again = unknownCode;
            unknownCode = true;
            return again ? new SessionGoneException(failure.getMessage() + ", again", failure) : null;
        }
        return switch (failure.reason()) {
            case UNREACHABLE, TIMED_OUT, HUNG_UP, PROTOCOL_VIOLATION, TLS, BUSY, STOPPING ->
                awayNanos < limitNanos ? null : failure;
            case GAP ->
                failure instanceof GapException gap && gap.isProved() || ++refusals >= MAX_REFUSALS ? failure : null;
            case SESSION_GONE, TAKEN_OVER, KICKED, OVERFLOW, MEMORY, FRAME_TOO_LARGE, VIOLATION, RATE, VERSION ->
                ++refusals < MAX_REFUSALS ? null : failure;
            case CERTIFICATE_NOT_TRUSTED, CERTIFICATE_WRONG_NAME -> ++otherKeys < MAX_REFUSALS ? null : failure;
            case SERVER_KEY_CHANGED -> !pinned && ++otherKeys < MAX_REFUSALS ? null : failure;
            default -> failure;
        };
    }

    /**
     * Judges a failed attempt to open a new session in place of one that is gone.
     *
     * @param awayNanos the time since the link was lost
     * @return the exception that ends the client; null to try again
     */
    @Nullable
    ClientException verdictOnOpening(ClientException failure, long awayNanos) {
        return switch (failure.reason()) {
            case SERVER_KEY_CHANGED, CERTIFICATE_NOT_TRUSTED, CERTIFICATE_WRONG_NAME -> verdict(failure, awayNanos);
            case PROTOCOL_VIOLATION -> awayNanos < limitNanos ? null : failure;
            default -> failure.reason().retryable() && awayNanos < limitNanos ? null : failure;
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
