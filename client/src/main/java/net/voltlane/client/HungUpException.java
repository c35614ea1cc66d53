package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The server ended the connection in the middle of the handshake. */
public final class HungUpException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Whether the server had said who it is. */
    private final boolean afterServerKey;

    /** @param afterServerKey whether the server had said who it is: what hung up then was a Voltlane server, no mere proxy */
    HungUpException(String message, @Nullable Throwable cause, boolean afterServerKey) {
        super(CloseReason.HUNG_UP, message, cause);
        this.afterServerKey = afterServerKey;
    }

    boolean afterServerKey() {
        return afterServerKey;
    }

    @Override
    HungUpException again() {
        return new HungUpException(text(), this, afterServerKey);
    }
}
