package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when the server does not know the session any more. It can never be resumed. */
public final class SessionGoneException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    SessionGoneException(String message, @Nullable Throwable cause) {
        super(CloseReason.SESSION_GONE, message, cause);
    }

    @Override
    SessionGoneException copy() {
        return new SessionGoneException(text(), this);
    }
}
