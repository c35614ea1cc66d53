package net.voltlane.server.edge;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.FaultLog;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.KernelPeerProbe;
import net.voltlane.server.link.Lane;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.link.PeerWatch;
import net.voltlane.server.link.SharedBuffer;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of the clients: the buffers that they read into, the two lanes between this loop and the
 * session loop, and everything that is due at a time. Belongs to its loop, but for {@link #down}, which starts on the
 * session loop.
 */
final class ClientLoop {
    private static final Logger log = LoggerFactory.getLogger(ClientLoop.class);
    /** One read in a handshake, and while clients are held back: what was read by then must be kept. */
    private static final int SMALL_READ_BYTES = 512;

    final EventLoop loop;
    final ByteBufAllocator allocator;
    final EdgeSettings settings;
    final MemoryBudget budget;
    final Counters counters;
    final FaultLog faults;
    final ProofQueue proofs;
    final LongSupplier nanoClock;
    /** To the session loop: what clients sent, and what happened to their links. */
    final Lane up;
    /** From the session loop: what clients are to get, and what is to happen to their links. */
    final Lane down;

    final Lane.Receiver toMaster;
    final Deadlines<HandshakeHandler> handshakes;
    private final Deadlines<Channel> lingering;
    /** Links that deliver their last: due where their client takes nothing for long. */
    final Deadlines<ClientLink> delivering;
    /** Links on which something may be unacknowledged. */
    final PeerWatch peers;
    /** Where a link reads to: in its handshake, and while it is live. */
    final Supplier<SharedBuffer> handshakeReads;

    final Supplier<SharedBuffer> liveReads;
    private final SharedBuffer reads;
    private final SharedBuffer smallReads;
    private final Gate gate;

    private final List<ClientLink> toFlush = new ArrayList<>();
    private final Set<ClientLink> paused = new LinkedHashSet<>();

    ClientLoop(EventLoop loop, EdgeSettings settings, ClientEdge.Surroundings around, ProofExecutor executor) {
        this(loop, settings, around, executor, new KernelPeerProbe());
    }

    ClientLoop(
            EventLoop loop,
            EdgeSettings settings,
            ClientEdge.Surroundings around,
            ProofExecutor executor,
            PeerProbe probe) {
        this.loop = loop;
        this.settings = settings;
        allocator = around.allocator();
        budget = around.budget();
        gate = around.gate();
        nanoClock = around.nanoClock();
        counters = around.metrics().newCounters();
        faults = new FaultLog(log, "client fault(s)", nanoClock);
        proofs = new ProofQueue(loop, executor, counters);
        handshakes = new Deadlines<>(settings.handshakeTimeoutNanos(), HandshakeHandler::timedOut);
        lingering = new Deadlines<>(LingeringClose.LIMIT_NANOS, channel -> {
            counters.count(Metric.LINKS_RESET);
            LingeringClose.reset(channel);
        });
        delivering = new Deadlines<>(LingeringClose.LIMIT_NANOS, ClientLink::deliveringForLong);
        peers = new PeerWatch(probe, settings.peerTimeoutNanos());
        reads = new SharedBuffer(allocator, around.readBytes());
        smallReads = new SharedBuffer(allocator, SMALL_READ_BYTES);
        handshakeReads = () -> smallReads;
        liveReads = () -> isHeldBack() ? smallReads : reads;
        Upstream upstream = around.upstream();
        up = new Lane(loop, around.sessionLoop(), allocator, upstream::flush, this::release);
        down = new Lane(around.sessionLoop(), loop, allocator, this::flush, upstream::roomForClients);
        toMaster = upstream::frames;
        gate.onOpen(() -> down.event(this::release));
    }

    /** True while live clients are not to be read from: the master is slow, or the session loop is behind. */
    boolean isHeldBack() {
        return gate.isShut() || up.isFull();
    }

    /** Stops reading from a link that has more to send, until clients are no longer held back. */
    void pause(ClientLink link) {
        link.channel().config().setAutoRead(false);
        paused.add(link);
    }

    private void release() {
        if (isHeldBack()) {
            return; // for the other reason; its end calls again
        }
        List<ClientLink> links = List.copyOf(paused);
        paused.clear();
        links.forEach(ClientLink::resumeReading);
    }

    /** The link reads no more. */
    void forget(ClientLink link) {
        if (!paused.isEmpty()) {
            paused.remove(link);
        }
    }

    /** The link has got frames; they are offered to its socket once the whole batch is there. */
    void flushLater(ClientLink link) {
        toFlush.add(link);
    }

    void flush() {
        for (int i = 0; i < toFlush.size(); i++) {
            try {
                toFlush.get(i).flush();
            } catch (RuntimeException ours) {
                log.error("internal error; one link may be stuck", ours);
            }
        }
        toFlush.clear();
    }

    /** Closes a link on which something was sent. */
    void linger(Channel channel) {
        LingeringClose.begin(channel, lingering, nanoClock.getAsLong());
    }

    /** Called a few times a second. */
    void sweep() {
        try {
            long now = nanoClock.getAsLong();
            handshakes.run(now);
            delivering.run(now);
            lingering.run(now);
            proofs.retry();
            peers.sweep(now);
        } catch (RuntimeException ours) {
            log.error("internal error; one link may be stuck", ours); // and the sweeps go on
        }
    }

    /** At the memory limit handshakes that hold anything, and links without a session, go before sessions do. */
    void shedStrangers() {
        handshakes.items().forEach(HandshakeHandler::shed);
        delivering.items().forEach(ClientLink::giveUp);
    }

    void stopHandshakes() {
        handshakes.items().forEach(HandshakeHandler::stop);
    }

    /** The loop has ended. */
    void close() {
        reads.release();
        smallReads.release();
        up.release();
        down.release();
    }
}
