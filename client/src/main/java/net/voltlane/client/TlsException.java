package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when client and server did not agree on TLS, for another reason than the server's certificate: the server asks
 * for a certificate that the client does not have, speaks other versions, or does not speak TLS at all.
 */
public final class TlsException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    TlsException(String message, @Nullable Throwable cause) {
        super(CloseReason.TLS, message, cause);
    }

    @Override
    TlsException copy() {
        return new TlsException(text(), this);
    }
}
