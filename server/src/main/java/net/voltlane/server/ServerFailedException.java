package net.voltlane.server;

/**
 * The server has ended while running; the message says why: for a reason outside of it, or because one of its threads
 * died.
 */
public final class ServerFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ServerFailedException(String message) {
        super(message);
    }
}
