package net.voltlane.client;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a future of {@link VoltlaneClient#sendAcknowledged}: no acknowledgement will come. {@link #fate()} says
 * what is known about the packet. The cause says why the session or the client ended; there is none for a packet that
 * gave way to a newer one ({@link SendPolicy#DROP_OLDEST}).
 */
public final class NotAcknowledgedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The knowledge of what became of the packet. */
    private final PacketFate fate;

    NotAcknowledgedException(PacketFate fate, @Nullable ClientException cause) {
        super(message(fate) + (cause == null ? "" : ": " + cause.getMessage()), cause);
        this.fate = fate;
    }

    /**
     * Returns what is known about the packet.
     *
     * @return never null
     */
    public PacketFate fate() {
        return fate;
    }

    private static String message(PacketFate fate) {
        return switch (fate) {
            case NOT_SENT -> "the packet was not sent";
            case UNKNOWN -> "the packet was sent, but not acknowledged; it may have arrived";
            case AT_SERVER -> "the server has the packet, but the backend has not acknowledged it; it may have arrived";
        };
    }
}
