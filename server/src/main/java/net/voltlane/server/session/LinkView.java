package net.voltlane.server.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client link as it was when its own loop looked at it.
 *
 * @param transport name of its listener's transport, such as {@code tcp}
 * @param port the client's; 0 where it is not known, because the connection comes through a proxy
 * @param silentFor time since the client last sent something; null where the transport can't tell
 * @param packetsUp data packets that its client has sent on it
 * @param bytesUp payload bytes of these packets
 * @param waiting packets that its socket has not taken
 */
public record LinkView(
        String transport, int port, @Nullable Duration silentFor, long packetsUp, long bytesUp, QueueView waiting) {}
