package net.voltlane.server.edge;

import io.netty.channel.Channel;
import java.util.List;
import net.voltlane.server.link.DeadPeerDetector;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.link.Transport;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;

/**
 * Deadlines of the connections of one loop, in served time: of handshakes, of links that deliver their last packets, and
 * of closing sockets. Also finds the peers that have vanished. Belongs to its loop.
 */
final class LoopTimeouts {
    /** Time for each packet of a handshake in the resume reserve: some round trips of a bad mobile network. */
    private static final long RESERVE_WAIT_NANOS = 3_000_000_000L;

    private final Owner owner;
    private final ServedTime time;
    private final Deadlines<PendingConnection> handshakes;
    private final Deadlines<HandshakeHandler> reserveWaits;
    private final Deadlines<DrainTimeout> drains;
    private final Deadlines<Channel> lingering;
    private final DeadPeerDetector peers;

    LoopTimeouts(Owner owner, ServedTime time, EdgeSettings settings, PeerProbe probe, Counters counters) {
        this.owner = owner;
        this.time = time;
        handshakes = new Deadlines<>(settings.handshakeTimeoutNanos(), PendingConnection::timedOut);
        reserveWaits = new Deadlines<>(RESERVE_WAIT_NANOS, HandshakeHandler::timedOut);
        drains = new Deadlines<>(LingeringClose.LIMIT_NANOS, DrainTimeout::timedOut);
        lingering = new Deadlines<>(LingeringClose.LIMIT_NANOS, channel -> {
            counters.count(Metric.LINKS_RESET);
            LingeringClose.reset(channel);
        });
        peers = new DeadPeerDetector(probe, settings.peerTimeoutNanos(), time);
    }

    /** Takes the timeouts of new settings. A handshake under way keeps its deadline, unless the new one is sooner. */
    void replace(EdgeSettings next) {
        handshakes.after(next.handshakeTimeoutNanos(), now());
        peers.timeout(next.peerTimeoutNanos());
    }

    /** Starts the time for a whole handshake, with the PROXY header before it. */
    Deadlines<PendingConnection>.Entry beginHandshake(PendingConnection connection) {
        return handshakes.add(now(), connection);
    }

    /** Starts the time for the next packet of a handshake in the resume reserve. */
    Deadlines<HandshakeHandler>.Entry beginReserveWait(HandshakeHandler handshake) {
        return reserveWaits.add(now(), handshake);
    }

    /** Starts the time for a link to deliver its last packets, or to go on with it. */
    Deadlines<DrainTimeout>.Entry beginDrain(DrainTimeout drain) {
        return drains.add(now(), drain);
    }

    /** Closes a channel on which something was sent, and resets it if its peer does not close it in time. */
    void linger(Channel channel, Transport transport) {
        LingeringClose.begin(channel, transport, lingering, now());
    }

    /**
     * Watches a peer, to whom something was just sent, until it has acknowledged everything. Returns false while peers
     * have no timeout.
     */
    boolean expectAcknowledgement(DeadPeerDetector.Peer peer) {
        boolean watches = peers.isOn();
        if (watches) {
            peers.add(peer, now());
        }
        return watches;
    }

    /** Acts on everything that is due. Called a few times a second, after the loop has read what had come by then. */
    void sweep() {
        long nowNanos = now();
        handshakes.run(nowNanos);
        reserveWaits.run(nowNanos);
        drains.run(nowNanos);
        lingering.run(nowNanos);
        peers.sweep(nowNanos);
    }

    /** At the memory limit: ends handshakes that hold memory, and drops what links without a session still deliver. */
    void shed() {
        pendingHandshakes().forEach(PendingConnection::shed);
        drains.items().forEach(DrainTimeout::giveUp);
    }

    /** The server stops: ends all handshakes. */
    void stopHandshakes() {
        pendingHandshakes().forEach(PendingConnection::stop);
    }

    /** The connections that have not finished their handshakes, the oldest first. */
    List<PendingConnection> pendingHandshakes() {
        return handshakes.items();
    }

    private long now() {
        assert owner.isCurrent() : "belongs to its client loop";
        return time.getAsLong();
    }
}
