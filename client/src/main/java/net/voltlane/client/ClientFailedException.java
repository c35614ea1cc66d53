package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when there was an error in this library or in the virtual machine; see the cause. */
public final class ClientFailedException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    ClientFailedException(String message, @Nullable Throwable cause) {
        super(CloseReason.FAILED, message, cause);
    }

    @Override
    ClientFailedException copy() {
        return new ClientFailedException(text(), this);
    }
}
