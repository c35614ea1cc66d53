package net.voltlane.client;

import java.io.IOException;
import java.io.Serial;

/**
 * Thrown when the send buffer has no room for a packet. The client goes on: send the packet again later, or leave it
 * out. Thrown under {@link SendPolicy#FAIL}, and in a callback under {@link SendPolicy#WAIT} too.
 */
public final class SendQueueFullException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    SendQueueFullException(String message) {
        super(message);
    }
}
