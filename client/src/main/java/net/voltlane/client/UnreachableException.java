package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when no connection could be made: refused, no route, no such name, or no answer in time. */
public final class UnreachableException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, @Nullable Throwable cause) {
        super(CloseReason.UNREACHABLE, message, cause);
    }

    @Override
    UnreachableException copy() {
        return new UnreachableException(text(), this);
    }
}
