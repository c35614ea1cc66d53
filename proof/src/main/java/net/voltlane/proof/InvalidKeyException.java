package net.voltlane.proof;

import java.io.Serial;

/**
 * A peer's public key is no key. The peer's fault, so it has no stack trace; the message says what is wrong with the
 * key and holds none of it.
 */
public final class InvalidKeyException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    InvalidKeyException(String message) {
        super(message, null, false, false);
    }
}
