package net.voltlane.server.guard;

/** An answer of the {@link Guard} to a connection that wants to take its next step. */
public enum Decision {
    /** The step is taken. */
    GRANTED,
    /** The connection is to be closed for its {@link Admission#limit}. It counts as nothing any more. */
    REFUSED
}
