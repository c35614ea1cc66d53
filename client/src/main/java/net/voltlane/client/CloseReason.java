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
    /** The server does not know the session any more. Connect without its state to open a new session. */
    SESSION_GONE(true),
    /** Another program holds this session's state too, and takes the session over again and again. */
    TAKEN_OVER(false),
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
}
