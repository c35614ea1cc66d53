package net.voltlane.client;

import java.util.concurrent.ThreadFactory;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a client. Durations are in nanoseconds.
 *
 * @param timeouts of operations on a socket
 * @param retry when to try again after a link was lost
 * @param sending bound of the packets that wait to be sent
 * @param policy what {@code send} does at that bound
 * @param receiving bound of the packets that wait to be received
 * @param maxFrameBytes the longest payload, either way
 * @param listener is told what happens to the session
 * @param onData is given the packets; null if they wait for {@code receive}
 * @param threads makes the client's two threads
 */
record Options(
        Timeouts timeouts,
        Retry retry,
        QueueBounds sending,
        SendPolicy policy,
        QueueBounds receiving,
        int maxFrameBytes,
        ClientListener listener,
        @Nullable PacketHandler onData,
        ThreadFactory threads) {

    /**
     * Time limits of operations on a socket.
     *
     * @param connectNanos for a TCP connection, all addresses of the name together
     * @param handshakeNanos for the handshake on a TCP connection
     * @param closeNanos for sending the rest and ending the connection in good order
     * @param peerNanos how long a server may acknowledge nothing of what was sent
     */
    record Timeouts(long connectNanos, long handshakeNanos, long closeNanos, long peerNanos) {}

    /**
     * Settings that say when to try again after a link was lost.
     *
     * @param baseNanos bound of the first wait
     * @param capNanos bound of every wait
     * @param giveUpNanos the longest time without a link
     * @param newSessionWhenGone whether a session that is gone is replaced
     * @param pinned whether the program has named the server's key
     */
    record Retry(long baseNanos, long capNanos, long giveUpNanos, boolean newSessionWhenGone, boolean pinned) {}
}
