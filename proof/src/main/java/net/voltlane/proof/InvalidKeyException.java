package net.voltlane.proof;

import java.io.Serial;

/**
 * Thrown when a peer's public key is invalid. It is the peer's fault, so there is no stack trace. The message says what
 * is wrong and contains nothing of the key.
 */
public final class InvalidKeyException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    InvalidKeyException(String message) {
        super(message, null, false, false);
    }
}
