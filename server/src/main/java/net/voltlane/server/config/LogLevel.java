package net.voltlane.server.config;

/** How much is logged; each level includes those before it. */
public enum LogLevel {
    /** Nothing at all. */
    OFF,
    /** What the operator has to mend. */
    ERROR,
    /** What should not have happened, but was dealt with. */
    WARN,
    /** The few milestones of a server's life. */
    INFO,
    /** One line per link and session. */
    DEBUG,
    /** Everything, the libraries' own lines included. */
    TRACE
}
