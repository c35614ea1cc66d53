package net.voltlane.server.config;

/** The treatment of clients that want a new session while the store can't be reached. */
public enum WhenAway {
    /** They get one without a record, which ends with its server unless the store is back by then. */
    CONTINUE,
    /** They are refused. */
    REFUSE
}
