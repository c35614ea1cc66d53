package net.voltlane.server.guard;

/** The treatment of a client that sends more than its rate allows. */
public enum RatePolicy {
    /** The client is not read from until it may send again. TCP holds it back, and nothing is lost. */
    PAUSE,
    /** The session ends, with the Failure "Rate limit". */
    KICK
}
