package net.voltlane.client;

import org.jspecify.annotations.Nullable;

/**
 * Judges failed attempts to get a link: try again, or is this the end? One for each absence, for one thread.
 *
 * <pre>
 *  unreachable, no answer in time, hung up             try again until the time is over
 *  rubbish                                             the same: it may be a network's login page
 *  closed in good order where the challenge was due    try again a few times, then the session is gone
 *  the challenge does not open                         the session is gone
 *  another server key                                  the end
 * </pre>
 *
 * A challenge that opens shows that the session lives, so whatever goes wrong after it is an ordinary failure.
 */
final class Patience {

    /**
     * Some servers hang up on who asks for a session that is gone; but so does one that is overloaded, now and then.
     */
    static final int FEW = 5;

    private final long limitNanos;
    private int refusals;

    private Patience(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    /** For a program that waits for its client to connect: it wants to hear at once of whatever is wrong. */
    static Patience none() {
        return new Patience(0);
    }

    /** For a session that has lost its link. */
    static Patience until(long limitNanos) {
        return new Patience(limitNanos);
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
                            "the server hung up on " + refusals + " attempts to resume: it does not know the session",
                            failure);
        }
        return switch (failure.reason()) {
            case UNREACHABLE, TIMED_OUT, HUNG_UP, PROTOCOL_VIOLATION -> awayNanos < limitNanos ? null : failure;
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
