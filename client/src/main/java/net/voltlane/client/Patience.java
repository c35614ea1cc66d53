package net.voltlane.client;

import org.jspecify.annotations.Nullable;

/**
 * Judges failed attempts to get a link: try again, or is this the end? One for each absence, for one thread.
 *
 * <pre>
 *  unreachable, no answer in time, hung up at once     try again until the time is over
 *  hung up where the challenge or the Ping was due     try again a few times, then the session is gone
 *  rubbish                                             try again a few times: it may be a network's login page
 *  the challenge does not open                         the session is gone
 *  another server key                                  the end
 * </pre>
 */
final class Patience {

    /** Some servers hang up on who asks for a session that is gone; but so does one that is overloaded, now and then. */
    static final int FEW = 5;

    private final long limitNanos;
    private final int rubbishLimit;
    private int refusals;
    private int rubbish;

    private Patience(long limitNanos, int rubbishLimit) {
        this.limitNanos = limitNanos;
        this.rubbishLimit = rubbishLimit;
    }

    /** For a program that waits for its client to connect: it wants to hear at once of whatever is wrong. */
    static Patience none() {
        return new Patience(0, 1);
    }

    /** For a session that has lost its link. */
    static Patience until(long limitNanos) {
        return new Patience(limitNanos, FEW);
    }

    /**
     * What a failure means.
     *
     * @param resuming whether it was a resume, not a new session
     * @param awayNanos how long there has been no link
     * @return null: try again
     */
    @Nullable
    ClientException verdict(ClientException failure, boolean resuming, long awayNanos) {
        if (failure instanceof HungUpException hungUp && resuming && hungUp.afterServerKey()) {
            return ++refusals < FEW
                    ? null
                    : new SessionGoneException(
                            "the server hung up on " + refusals + " attempts to resume: it does not know the session",
                            failure);
        }
        return switch (failure.reason()) {
            case UNREACHABLE, TIMED_OUT, HUNG_UP -> awayNanos < limitNanos ? null : failure;
            case PROTOCOL_VIOLATION -> ++rubbish < rubbishLimit ? null : failure;
            default -> failure;
        };
    }
}
