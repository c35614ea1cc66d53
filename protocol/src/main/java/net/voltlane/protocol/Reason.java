package net.voltlane.protocol;

/**
 * Why a session ended, as the backend reads it in a {@link Flag#FAILURE} packet.
 *
 * <p>The texts are part of the protocol and never change. New reasons may be added, so a backend must take a text that
 * it does not know for an end as well.
 */
public enum Reason {
    /** The answer to data for an id that has no session (any more). The only reason that is not an end by itself. */
    CLIENT_NOT_FOUND("Client not found"),
    /** The client was away for longer than the stale timeout. */
    CLIENT_DISCONNECTED("Client disconnected"),
    /** Too many clients were away at once, and this session had to give way. */
    CLIENT_EVICTED("Client evicted"),
    /** The backend asked for it. */
    CLIENT_KICKED("Client kicked"),
    /** The client was there but did not read what was sent to it. */
    BUFFER_OVERFLOW("Buffer overflow"),
    /** More was sent to an absent client than is kept for it. */
    MISSED_PACKETS_OVERFLOW("Missed packets overflow"),
    /** The client sent a frame over the limit. */
    FRAME_TOO_LARGE("Frame too large"),
    /** The client sent more packets or bytes in a second than it may, and the server's policy is to end that. */
    RATE_LIMIT("Rate limit"),
    /** All sessions together held more than the server may, and this one held the most. */
    MEMORY_LIMIT("Memory limit"),
    /** The server is being stopped in an orderly way. */
    SERVER_STOPPING("Server stopping");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** The exact text on the wire (to be encoded as UTF-8, which here is ASCII). */
    public String text() {
        return text;
    }
}
