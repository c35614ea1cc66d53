package net.voltlane.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown when the server ended the connection in the middle of the handshake. */
public final class HungUpException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** True if the connection ended where the server's challenge was due. */
    private final boolean insteadOfChallenge;
    /** True if the server ended the connection before it had sent a byte. */
    private boolean withoutAnswer;

    HungUpException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /**
     * @param insteadOfChallenge whether the server had shown its key, was asked for a session, and ended the link in
     *     good order: it may not know the session. A link that broke, or that this client closed, does not tell
     */
    HungUpException(String message, @Nullable Throwable cause, boolean insteadOfChallenge) {
        super(CloseReason.HUNG_UP, message, cause);
        this.insteadOfChallenge = insteadOfChallenge;
    }

    boolean insteadOfChallenge() {
        return insteadOfChallenge;
    }

    /** Notes that the server ended the connection before it had sent a byte. */
    HungUpException withoutAnswer() {
        withoutAnswer = true;
        return this;
    }

    boolean isWithoutAnswer() {
        return withoutAnswer;
    }

    @Override
    HungUpException copy() {
        return new HungUpException(text(), this, insteadOfChallenge);
    }
}
