package net.voltlane.server.edge;

/** A connection that has no session yet, and what may happen to it whatever it does. On its client loop. */
interface PendingConnection {
    /** Its time for the whole handshake is over. */
    void timedOut();

    /** Memory is at its limit: handshakes that hold any of it are closed. */
    void shed();

    /** The server stops. */
    void stop();
}
