package net.voltlane.server.edge;

import java.net.InetAddress;
import java.util.function.Predicate;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of client links, and the addresses that may speak for clients.
 *
 * @param maxFrameBytes payload of the largest frame that a client may send
 * @param handshakeTimeoutNanos from accept until the session is open or resumed
 * @param channel what may wait for a live client
 * @param unacknowledged what may be kept for a live client of version 3 until it acknowledges it
 * @param blocksOnOverflow true: the firehose waits for a client over its bound; false: its session fails
 * @param peerTimeoutNanos how long a client may acknowledge nothing of what was sent; 0: for ever
 * @param trustedProxies addresses that may speak for others: each connection comes from one of them and begins with a
 *     PROXY header. Null: connections come from the clients themselves
 */
public record EdgeSettings(
        int maxFrameBytes,
        long handshakeTimeoutNanos,
        QueueBounds channel,
        QueueBounds unacknowledged,
        boolean blocksOnOverflow,
        long peerTimeoutNanos,
        @Nullable Predicate<InetAddress> trustedProxies) {
    private static final QueueBounds DEFAULT_UNACKNOWLEDGED = new QueueBounds(8192, 16 << 20);

    /** Settings with the usual bounds for clients of version 3. */
    public EdgeSettings(
            int maxFrameBytes,
            long handshakeTimeoutNanos,
            QueueBounds channel,
            boolean blocksOnOverflow,
            long peerTimeoutNanos,
            @Nullable Predicate<InetAddress> trustedProxies) {
        this(
                maxFrameBytes,
                handshakeTimeoutNanos,
                channel,
                DEFAULT_UNACKNOWLEDGED,
                blocksOnOverflow,
                peerTimeoutNanos,
                trustedProxies);
    }

    /** Settings for connections that come from the clients themselves. */
    public EdgeSettings(
            int maxFrameBytes,
            long handshakeTimeoutNanos,
            QueueBounds channel,
            boolean blocksOnOverflow,
            long peerTimeoutNanos) {
        this(maxFrameBytes, handshakeTimeoutNanos, channel, blocksOnOverflow, peerTimeoutNanos, null);
    }
}
