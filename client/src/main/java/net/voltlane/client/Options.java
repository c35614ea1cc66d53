package net.voltlane.client;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * All that a program has set, checked. Durations are in nanoseconds.
 *
 * @param timeouts of what is done with a socket
 * @param retry what to do about a lost link
 * @param sending bound of what waits to be sent
 * @param policy at that bound
 * @param receiving bound of what waits to be received
 * @param maxFrameBytes the longest payload, either way
 * @param listener hears of the session's fate
 * @param onData gets the packets; null: they wait for {@code receive}
 * @param threads makes the client's two threads
 */
record Options(
        Timeouts timeouts,
        Retry retry,
        Bounds sending,
        SendPolicy policy,
        Bounds receiving,
        int maxFrameBytes,
        ClientListener listener,
        @Nullable PacketHandler onData,
        ThreadFactory threads) {

    /**
     * Bounds of what is done with a socket.
     *
     * @param connectNanos for a TCP connection, all addresses of a name together
     * @param handshakeNanos from there to the end of the handshake
     * @param closeNanos for sending the rest and taking leave
     * @param peerNanos how long a server may leave unanswered what was sent
     */
    record Timeouts(long connectNanos, long handshakeNanos, long closeNanos, long peerNanos) {}

    /**
     * What to do about a lost link.
     *
     * @param baseNanos bound of the first wait
     * @param capNanos bound of every wait
     * @param giveUpNanos how long to be away at most
     * @param newSessionWhenGone whether a session that is gone is replaced
     * @param pinned whether the program has named the server's key
     */
    record Retry(long baseNanos, long capNanos, long giveUpNanos, boolean newSessionWhenGone, boolean pinned) {}
}
