package net.voltlane.protocol;

/**
 * The reason for the end of a session, which the backend reads in a {@link Flag#FAILURE} packet.
 *
 * <p>The texts are part of the protocol and never change. New reasons may be added, so a backend must take an unknown text
 * for an end as well.
 */
public enum Reason {
    /** The id of a packet has no session, or none any more. This answer alone is not the end of a session. */
    CLIENT_NOT_FOUND("Client not found", CloseCode.NO_SESSION),
    /** The client was away for longer than the stale timeout. */
    CLIENT_DISCONNECTED("Client disconnected", CloseCode.DISCONNECTED),
    /** Too many clients were away at once, and this session had to give way. */
    CLIENT_EVICTED("Client evicted", CloseCode.EVICTED),
    /** The backend kicked the client. */
    CLIENT_KICKED("Client kicked", CloseCode.KICKED),
    /** The client was connected but did not read. */
    BUFFER_OVERFLOW("Buffer overflow", CloseCode.OVERFLOW),
    /** The backend sent more to an absent client than the server keeps. */
    MISSED_PACKETS_OVERFLOW("Missed packets overflow", CloseCode.MISSED_OVERFLOW),
    /** The client sent a frame over the limit. */
    FRAME_TOO_LARGE("Frame too large", CloseCode.FRAME_TOO_LARGE),
    /** The client sent more packets or bytes in a second than it may, and the server's policy is to end such sessions. */
    RATE_LIMIT("Rate limit", CloseCode.RATE),
    /** The server held more memory than it may, and this session held the most of it. */
    MEMORY_LIMIT("Memory limit", CloseCode.MEMORY),
    /** The server is stopping in an orderly way. */
    SERVER_STOPPING("Server stopping", CloseCode.STOPPING),
    /** The client left: it ended its session itself. Version 3 only. */
    CLIENT_LEFT("Client left", CloseCode.LEFT),
    /** The client broke the rules of version 3. */
    PROTOCOL_VIOLATION("Protocol violation", CloseCode.VIOLATION),
    /** The client returned with counts that do not fit the server's. Version 3 only. */
    GAP("Gap", CloseCode.GAP);

    private final String text;
    private final CloseCode closeCode;

    Reason(String text, CloseCode closeCode) {
        this.text = text;
        this.closeCode = closeCode;
    }

    /** The exact text on the wire, encoded as UTF-8. All characters are ASCII. */
    public String text() {
        return text;
    }

    /** The code that version 3 sends for this reason: to the client in Close, to the backend in Ended. */
    public CloseCode closeCode() {
        return closeCode;
    }
}
