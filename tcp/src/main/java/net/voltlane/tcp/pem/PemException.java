package net.voltlane.tcp.pem;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when a PEM file can't be used. The message names the file, what is wrong, and what is expected. */
public final class PemException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    PemException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
