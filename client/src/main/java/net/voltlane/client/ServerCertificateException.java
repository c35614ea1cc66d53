package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when TLS has shown that the server is not the right one: its certificate is not trusted
 * ({@link CloseReason#CERTIFICATE_NOT_TRUSTED}), or is that of another host ({@link CloseReason#CERTIFICATE_WRONG_NAME}).
 * The client has sent nothing to it. See {@link ClientTls}.
 */
public final class ServerCertificateException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    ServerCertificateException(CloseReason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }

    @Override
    ServerCertificateException copy() {
        return new ServerCertificateException(reason(), text(), this);
    }
}
