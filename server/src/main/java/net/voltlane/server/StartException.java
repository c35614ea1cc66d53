package net.voltlane.server;

/** The server can't start, for a reason that its operator can mend; the message says which. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
