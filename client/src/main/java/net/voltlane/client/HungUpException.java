package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The server ended the connection in the middle of the handshake. */
public final class HungUpException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean insteadOfChallenge;

    HungUpException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /**
     * @param insteadOfChallenge whether the server, having said who it is and been asked for a session, ended the link
     *     in good order: it may not know the session. A link that broke, or that we closed ourselves, says nothing of
     *     the kind
     */
    HungUpException(String message, @Nullable Throwable cause, boolean insteadOfChallenge) {
        super(CloseReason.HUNG_UP, message, cause);
        this.insteadOfChallenge = insteadOfChallenge;
    }

    boolean insteadOfChallenge() {
        return insteadOfChallenge;
    }

    @Override
    HungUpException again() {
        return new HungUpException(text(), this, insteadOfChallenge);
    }
}
