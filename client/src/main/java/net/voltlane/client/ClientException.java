package net.voltlane.client;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A client has ended, or could not start. There is one subclass for each {@link CloseReason}.
 *
 * <p>Messages are for people. They hold addresses, sizes and public keys, never a secret and nothing of what was sent.
 */
public abstract class ClientException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why. */
    private final CloseReason reason;

    ClientException(CloseReason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why the client ended.
     *
     * @return the reason, never null
     */
    public CloseReason reason() {
        return reason;
    }

    /**
     * The same for another caller, whose stack trace it then has: a client ends once, and many threads have to hear of
     * it.
     */
    abstract ClientException again();

    final String text() {
        return String.valueOf(getMessage());
    }
}
