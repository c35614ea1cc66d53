package net.voltlane.server.edge;

/** The reasons not to read from a client's connection, of which several can stand at once. */
enum ReadPause {
    /** The next step of the handshake is the server's: a computation, or the session loop's answer. */
    SERVER_TURN,
    /** The master is slow, or the session loop is behind. Not the client's fault. */
    HELD_BACK,
    /** The client has sent more than its rate allows. */
    OVER_RATE,
    /** The session ends for what the client did, and takes nothing more from it. */
    ENDING
}
