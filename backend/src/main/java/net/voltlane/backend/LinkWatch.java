package net.voltlane.backend;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.voltlane.tcp.AddressPair;
import net.voltlane.tcp.DeadPeerDetector;
import net.voltlane.tcp.DeadPeerDetector.Traffic;
import net.voltlane.tcp.KernelSockets;
import org.jspecify.annotations.Nullable;

/**
 * The watch over a link's socket: finds a peer that does not end the handshake of TLS, and one that has vanished. (Peers on
 * a Unix socket can't vanish.) For the clock's thread.
 */
final class LinkWatch {
    /** The time for the handshake of TLS. */
    static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LinkSocket socket;
    private final long acceptedNanos;
    private final long peerTimeoutNanos;
    private final @Nullable DeadPeerDetector detector;

    LinkWatch(LinkSocket socket, long nowNanos, long peerTimeoutNanos) {
        this.socket = socket;
        this.peerTimeoutNanos = peerTimeoutNanos;
        acceptedNanos = nowNanos;
        AddressPair ends = socket.ends();
        detector = ends == null ? null : new DeadPeerDetector(ends, peerTimeoutNanos);
    }

    /** Returns why the handshake is to be ended; null if it may go on. */
    @Nullable
    String checkHandshake(long nowNanos) {
        return nowNanos - acceptedNanos < HANDSHAKE_NANOS
                ? null
                : "no TLS handshake within " + Firehose.seconds(HANDSHAKE_NANOS);
    }

    /** Returns why the link is to be cut; null if its peer answers. */
    @Nullable
    String checkPeer(long nowNanos, boolean isWriting, Supplier<KernelSockets.@Nullable Snapshot> kernel) {
        if (detector == null) {
            return null;
        }
        Traffic traffic = new Traffic(socket.sentBytes(), socket.receivedBytes(), isWriting);
        return detector.look(nowNanos, traffic, kernel) == DeadPeerDetector.Finding.VANISHED
                ? "acknowledged nothing for " + Firehose.seconds(peerTimeoutNanos)
                : null;
    }
}
