package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Somebody else holds the state of this session, too, and takes it over again and again. */
public final class TakenOverException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    TakenOverException(String message, @Nullable Throwable cause) {
        super(CloseReason.TAKEN_OVER, message, cause);
    }

    @Override
    TakenOverException again() {
        return new TakenOverException(text(), this);
    }
}
