package net.voltlane.client;

import java.io.Serial;
import java.time.Duration;
import net.voltlane.protocol.link3.Close;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a server of version 3 has closed the link and said why. {@link #reason()} is the meaning of its
 * {@link #code()} for a program.
 */
public final class ClosedByServerException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The code of the server, 0 to 65535. */
    private final int code;

    /** The server's explanation, for people. */
    private final String text;

    /** Milliseconds before which the server does not want to see this client again, or 0. */
    private final long retryAfterMillis;

    ClosedByServerException(CloseReason reason, String message, Close close) {
        this(reason, message, null, close.code(), CloseCodes.printable(close.text()), close.retryAfterMillis());
    }

    private ClosedByServerException(
            CloseReason reason,
            String message,
            @Nullable Throwable cause,
            int code,
            String text,
            long retryAfterMillis) {
        super(reason, message, cause);
        this.code = code;
        this.text = text;
        this.retryAfterMillis = retryAfterMillis;
    }

    /**
     * Returns the server's code, as in the table of {@code docs/PROTOCOL3.md}.
     *
     * @return 0 to 65535
     */
    public int code() {
        return code;
    }

    /**
     * Returns the server's text; after a kick it is the backend's. It comes from the network and is not authenticated.
     *
     * @return a text without control characters, perhaps empty
     */
    public String serverText() {
        return text;
    }

    /**
     * Returns the time before which the server does not want to see this client again.
     *
     * @return 0 if the server named none
     */
    public Duration retryAfter() {
        return Duration.ofMillis(retryAfterMillis);
    }

    @Override
    ClosedByServerException copy() {
        return new ClosedByServerException(reason(), String.valueOf(getMessage()), this, code, text, retryAfterMillis);
    }
}
