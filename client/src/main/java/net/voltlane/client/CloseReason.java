package net.voltlane.client;

/**
 * Why a client ended, or could not start. New reasons may come with new versions, so let a {@code switch} have a
 * default.
 *
 * <p>{@link #retryable()} says whether connecting anew, with nothing else changed, may well work.
 */
public enum CloseReason {
    /** The program called {@link VoltlaneClient#close()}. */
    CLOSED(false),
    /** Nobody accepts connections there: refused, no route, no such name, or no answer in time. */
    UNREACHABLE(true),
    /** The server accepted the connection, but did not finish the handshake in time. */
    TIMED_OUT(true),
    /** The server ended the connection in the middle of the handshake. */
    HUNG_UP(true),
    /** What came is not this protocol, or a frame is over the limit. */
    PROTOCOL_VIOLATION(false),
    /** The server has another key than the one that is pinned or remembered: another server, or someone in between. */
    SERVER_KEY_CHANGED(false),
    /** The server does not know the session any more. Connecting without its state opens a new one. */
    SESSION_GONE(true),
    /** Somebody else holds this session's state, too, and takes the session over again and again. */
    TAKEN_OVER(false),
    /** An error in this library or in the virtual machine, such as no memory left. */
    FAILED(false);

    private final boolean retryable;

    CloseReason(boolean retryable) {
        this.retryable = retryable;
    }

    /**
     * Whether another attempt may well work with nothing changed.
     *
     * @return false where a program, its settings or an operator has to act first
     */
    public boolean retryable() {
        return retryable;
    }
}
