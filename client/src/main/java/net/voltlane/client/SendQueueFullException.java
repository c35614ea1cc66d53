package net.voltlane.client;

import java.io.IOException;
import java.io.Serial;

/**
 * A packet was not taken because too many are waiting already. The client lives on: send it again later, or leave it.
 * Thrown under {@link SendPolicy#FAIL}, and from within a callback under {@link SendPolicy#WAIT} too.
 */
public final class SendQueueFullException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    SendQueueFullException(String message) {
        super(message);
    }
}
