package net.voltlane.client;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a client has ended or could not start. Each {@link CloseReason} has a subclass; those that a server of
 * version 3 gives when it closes a link share {@link ClosedByServerException}.
 *
 * <p>Messages are for people. They may hold addresses, sizes and public keys, but never a secret and no part of a
 * packet.
 */
public abstract class ClientException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The reason why the client ended. */
    private final CloseReason reason;

    ClientException(CloseReason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Returns why the client ended.
     *
     * @return the reason, never null
     */
    public CloseReason reason() {
        return reason;
    }

    /**
     * Returns a copy with the stack trace of the calling thread. A client ends once, and every thread that uses it
     * afterwards needs an exception of its own.
     */
    abstract ClientException copy();

    final String text() {
        return String.valueOf(getMessage());
    }
}
