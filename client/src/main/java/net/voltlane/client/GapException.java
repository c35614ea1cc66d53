package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the counts of client and server contradict each other, so that packets would be lost without anybody
 * noticing. The session can't be resumed.
 */
public final class GapException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** True if the client found the gap itself, false if it was only told of it. */
    private final boolean proved;

    /** @param proved true if this client has found it in what the server has proved; false if a server only says so */
    GapException(String message, @Nullable Throwable cause, boolean proved) {
        super(CloseReason.GAP, message, cause);
        this.proved = proved;
    }

    boolean isProved() {
        return proved;
    }

    @Override
    GapException copy() {
        return new GapException(text(), this, proved);
    }
}
