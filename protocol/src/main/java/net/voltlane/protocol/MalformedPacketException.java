package net.voltlane.protocol;

import java.io.Serial;

/**
 * A peer sent bytes that are no packet. That is the peer's fault and an everyday event, so there is no stack trace: it
 * would cost an attacker nothing and us a lot. The message says what was wrong and where, and never holds any of the
 * bytes.
 */
public final class MalformedPacketException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    MalformedPacketException(String message) {
        super(message, null, false, false);
    }
}
