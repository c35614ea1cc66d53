package net.voltlane.server.guard;

/** What happens to a client that sends more than it may. */
public enum RatePolicy {
    /** It is not read from until it may send again; TCP holds it back, nothing is lost. */
    PAUSE,
    /** Its session ends (Failure "Rate limit"). */
    KICK
}
