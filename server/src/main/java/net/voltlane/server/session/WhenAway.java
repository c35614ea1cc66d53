package net.voltlane.server.session;

/** The treatment of clients that want a new session while the store can't be reached, or does not answer in time. */
public enum WhenAway {
    /** They get one without a record, which is written when the store is back. Until then it ends with its server. */
    CONTINUE,
    /** They are refused. */
    REFUSE
}
