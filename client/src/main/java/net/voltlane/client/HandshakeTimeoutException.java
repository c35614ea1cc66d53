package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when the server accepted the connection but did not finish the handshake in time. */
public final class HandshakeTimeoutException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    HandshakeTimeoutException(String message, @Nullable Throwable cause) {
        super(CloseReason.TIMED_OUT, message, cause);
    }

    @Override
    HandshakeTimeoutException copy() {
        return new HandshakeTimeoutException(text(), this);
    }
}
