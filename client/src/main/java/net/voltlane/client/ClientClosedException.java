package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** This client was closed by its own program. */
public final class ClientClosedException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    ClientClosedException(String message, @Nullable Throwable cause) {
        super(CloseReason.CLOSED, message, cause);
    }

    @Override
    ClientClosedException again() {
        return new ClientClosedException(text(), this);
    }
}
