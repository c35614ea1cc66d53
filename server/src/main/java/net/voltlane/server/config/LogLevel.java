package net.voltlane.server.config;

/** The levels of the log. Each level includes those before it. */
public enum LogLevel {
    /** Nothing at all. */
    OFF,
    /** Failures that the operator has to deal with. */
    ERROR,
    /** Events that should not have happened, but were dealt with. */
    WARN,
    /** The few milestones of a server's life. */
    INFO,
    /** A line for each link and session. */
    DEBUG,
    /** Everything, the libraries' own lines included. */
    TRACE
}
