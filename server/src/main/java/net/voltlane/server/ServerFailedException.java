package net.voltlane.server;

/**
 * Thrown when a running server has ended for a reason outside of it, or because one of its threads died. The message
 * names the reason.
 */
public final class ServerFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ServerFailedException(String message) {
        super(message);
    }
}
