package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when the program has closed this client. */
public final class ClientClosedException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    ClientClosedException(String message, @Nullable Throwable cause) {
        super(CloseReason.CLOSED, message, cause);
    }

    @Override
    ClientClosedException copy() {
        return new ClientClosedException(text(), this);
    }
}
