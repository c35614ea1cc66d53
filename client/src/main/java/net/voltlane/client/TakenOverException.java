package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when another program holds the state of this session too, and takes the session over again and again. */
public final class TakenOverException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    TakenOverException(String message, @Nullable Throwable cause) {
        super(CloseReason.TAKEN_OVER, message, cause);
    }

    @Override
    TakenOverException copy() {
        return new TakenOverException(text(), this);
    }
}
