package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when the server sent something that is not this protocol, or a frame over the limit. */
public final class ProtocolViolationException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** True if the server may serve another version of the protocol. */
    private boolean aboutVersion;

    ProtocolViolationException(String message, @Nullable Throwable cause) {
        super(CloseReason.PROTOCOL_VIOLATION, message, cause);
    }

    /** Notes that the server may serve another version of the protocol. */
    ProtocolViolationException aboutVersion() {
        aboutVersion = true;
        return this;
    }

    boolean isAboutVersion() {
        return aboutVersion;
    }

    @Override
    ProtocolViolationException copy() {
        return new ProtocolViolationException(text(), this);
    }
}
