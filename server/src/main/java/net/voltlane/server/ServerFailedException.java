package net.voltlane.server;

/** The server has ended while running, for a reason outside of it; the message says which. */
public final class ServerFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ServerFailedException(String message) {
        super(message);
    }
}
