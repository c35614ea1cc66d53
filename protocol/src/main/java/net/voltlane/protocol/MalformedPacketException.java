package net.voltlane.protocol;

import java.io.Serial;

/**
 * Thrown when a peer sent bytes that are no packet. That is the peer's fault and an everyday event, so there is no stack
 * trace: it would cost an attacker nothing and us much. The message tells what was wrong and where, and never contains
 * any of the bytes.
 */
public final class MalformedPacketException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Describes a packet that is refused.
     *
     * @param message the fault and its place, and none of the packet's bytes
     */
    public MalformedPacketException(String message) {
        super(message, null, false, false);
    }
}
