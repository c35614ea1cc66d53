package net.voltlane.server.session;

/** The reason for which a link gets no session. */
public enum Refusal {
    /** The server stops. */
    STOPPING,
    /** The server opens no new sessions before it stops. */
    DRAINING,
    /** There is no such session, or none any more. */
    UNKNOWN,
    /** Another link of the same client has proved itself since. */
    TAKEN_OVER,
    /** Client and server disagree on what was sent: the session has ended for it. */
    GAP,
    /** The store of sessions can't be reached, does not answer in time, or has something newer: the client may come again. */
    STORE_AWAY
}
