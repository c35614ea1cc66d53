package net.voltlane.client;

/**
 * The reason why a client ended or could not start. New versions may add reasons, so give a {@code switch} a default.
 *
 * <p>{@link #retryable()} says whether connecting again, with nothing else changed, may work.
 */
public enum CloseReason {
    /** The program called {@link VoltlaneClient#close()}. */
    CLOSED(false),
    /** No connection could be made: refused, no route, no such name, or no answer in time. */
    UNREACHABLE(true),
    /** The server accepted the connection, but did not finish the handshake in time. */
    TIMED_OUT(true),
    /** The server ended the connection in the middle of the handshake. */
    HUNG_UP(true),
    /** The server sent something that is not this protocol, or a frame over the limit. */
    PROTOCOL_VIOLATION(false),
    /** The server has another key than the pinned or remembered one: another server, or an attacker in between. */
    SERVER_KEY_CHANGED(false),
    /** The server's certificate is not trusted: unknown authority, expired, or another key than the pinned one. */
    CERTIFICATE_NOT_TRUSTED(false),
    /** The server's certificate is that of another host. */
    CERTIFICATE_WRONG_NAME(false),
    /** Client and server did not agree on TLS. {@link ClientException#getMessage()} says why. */
    TLS(true),
    /** The server does not know the session any more. Connect without its state to open a new session. */
    SESSION_GONE(true),
    /** Another program holds this session's state too, and has taken the session over. */
    TAKEN_OVER(false),
    /** The backend or an operator ended the session. {@link ClosedByServerException#serverText()} is the backend's text. */
    KICKED(false),
    /**
     * The counts of client and server contradict each other, so packets would be lost: a state was imported that was no
     * longer the newest, or one side has lost its memory. Connect without the state to open a new session.
     */
    GAP(true),
    /** The client did not receive, or did not acknowledge, what was sent to it. Connect to open a new session. */
    OVERFLOW(true),
    /** The server was short of memory. Connect later to open a new session. */
    MEMORY(true),
    /** A packet of this client was longer than the server allows. */
    FRAME_TOO_LARGE(false),
    /** The server did not understand this client, or refuses what it was sent. */
    VIOLATION(false),
    /** The client sent more in a second than the server allows. Connect later to open a new session. */
    RATE(true),
    /** The server is stopping, and the session ends with it. Connect later to open a new session. */
    STOPPING(true),
    /** The server is too busy for this client. Connect again after {@link ClosedByServerException#retryAfter()}. */
    BUSY(true),
    /** The server does not speak a version of the protocol that this client may use. */
    VERSION(false),
    /** There was an error in this library or in the virtual machine, such as no memory left. */
    FAILED(false);

    private final boolean retryable;

    CloseReason(boolean retryable) {
        this.retryable = retryable;
    }

    /**
     * Tells whether connecting again may work with nothing else changed.
     *
     * @return false if a program, its settings or an operator has to act first
     */
    public boolean retryable() {
        return retryable;
    }

    /** Tells whether the session is over, and the protocol lets the client open a new one in its place. */
    boolean mayReplace() {
        return switch (this) {
            case SESSION_GONE, GAP, OVERFLOW, MEMORY, RATE, STOPPING, VERSION -> true;
            default -> false;
        };
    }

    /** Tells whether a session has ended with a client that ended for this reason. */
    boolean endsSession() {
        return mayReplace() || this == KICKED || this == FRAME_TOO_LARGE || this == VIOLATION;
    }
}
