package net.voltlane.protocol;

/**
 * The reason for the end of a session, which the backend reads in a {@link Flag#FAILURE} packet.
 *
 * <p>The texts are part of the protocol and never change. New reasons may be added, so a backend must take an unknown text
 * for an end as well.
 */
public enum Reason {
    /** The id of a packet has no session, or none any more. This answer alone is not the end of a session. */
    CLIENT_NOT_FOUND("Client not found"),
    /** The client was away for longer than the stale timeout. */
    CLIENT_DISCONNECTED("Client disconnected"),
    /** Too many clients were away at once, and this session had to give way. */
    CLIENT_EVICTED("Client evicted"),
    /** The backend kicked the client. */
    CLIENT_KICKED("Client kicked"),
    /** The client was connected but did not read. */
    BUFFER_OVERFLOW("Buffer overflow"),
    /** The backend sent more to an absent client than the server keeps. */
    MISSED_PACKETS_OVERFLOW("Missed packets overflow"),
    /** The client sent a frame over the limit. */
    FRAME_TOO_LARGE("Frame too large"),
    /** The client sent more packets or bytes in a second than it may, and the server's policy is to end such sessions. */
    RATE_LIMIT("Rate limit"),
    /** The server held more memory than it may, and this session held the most of it. */
    MEMORY_LIMIT("Memory limit"),
    /** The server is stopping in an orderly way. */
    SERVER_STOPPING("Server stopping");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** The exact text on the wire, encoded as UTF-8. All characters are ASCII. */
    public String text() {
        return text;
    }
}
