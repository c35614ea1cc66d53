package net.voltlane.server.config;

/** The times at which a backend of version 3 can learn of a session. */
public enum Announce {
    /** At once: the backend can speak first. */
    OPEN,
    /** With the client's first packet: a client that sends nothing costs the backend nothing. */
    DATA
}
