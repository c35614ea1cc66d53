package net.voltlane.server.edge;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.link.DeadPeerDetector;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.link.SharedBuffer;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of the clients: the buffers that they read into, the two loop queues between this loop and the
 * session loop, and everything that is due at a time. Belongs to its loop, but for {@link #down}, which starts on the
 * session loop.
 */
final class ClientLoop {
    private static final Logger log = LoggerFactory.getLogger(ClientLoop.class);
    /** One read in a handshake, and while clients are held back: what was read by then must be kept. */
    private static final int SMALL_READ_BYTES = 512;
    /** One read where clients have a rate: so much they may send over it at once. */
    private static final int PACED_READ_BYTES = 2 * 1024;
    /** How long each packet of a handshake in the resume reserve may take: some round trips of a bad mobile network. */
    private static final long LANE_WAIT_NANOS = 3_000_000_000L;

    /** A shorter one is no news. */
    private static final long TOLD_PAUSE_NANOS = 1_000_000_000L;

    final EventLoop loop;
    final ByteBufAllocator allocator;
    final EdgeSettings settings;
    final MemoryBudget budget;
    final Counters counters;
    /** Handshakes that were closed. */
    final RateLimitedLog rejections;
    /** Links of sessions that were closed, while the session stays. */
    final RateLimitedLog cuts;
    /** Sessions that were ended for what their client did. */
    final RateLimitedLog ends;

    final ProofQueue keyChecks;
    final ProofQueue challenges;
    final Guard guard;
    private final RateLimitedLog refusals;
    /** Apart, so that a flood of others does not hide whom it was. */
    private final RateLimitedLog bans;

    final RateAndIdleLimiter watch;
    /** Whether any link is watched; looked at for each read. */
    boolean isWatching;

    /** Served time: for deadlines, and to be asked rarely. */
    final LongSupplier nanoClock;

    private final ServedTime.Loop ticks;
    /** One line is enough for a pause of all loops. */
    private final boolean tellsOfPauses;
    /** To the session loop: what clients sent, and what happened to their links. */
    final LoopQueue up;
    /** Puts on it what clients sent. */
    final PacketTagger tagger;
    /** From the session loop: what clients are to get, and what is to happen to their links. */
    final LoopQueue down;

    final Deadlines<PendingConnection> handshakes;
    /** Of those in the resume reserve the ones that wait for their peer, not for us. */
    final Deadlines<HandshakeHandler> reserveWaits;

    private final Deadlines<Channel> lingering;
    /** Links that deliver their last: due where their client takes nothing for long. */
    final Deadlines<DrainTimeout> delivering;
    /** Links on which something may be unacknowledged. */
    final DeadPeerDetector peers;
    /** Where a link reads to: in its handshake, and while it is live. */
    final Supplier<SharedBuffer> handshakeReads;

    final Supplier<SharedBuffer> liveReads;
    private final SharedBuffer reads;
    private final SharedBuffer smallReads;
    private final SharedBuffer pacedReads;
    private final Gate gate;

    private final List<LinkOutput> toFlush = new ArrayList<>();
    private final Set<ClientLink> paused = new LinkedHashSet<>();

    ClientLoop(
            EventLoop loop,
            EdgeSettings settings,
            ClientEdge.Dependencies around,
            ProofExecutor executor,
            PeerProbe probe) {
        this.loop = loop;
        this.settings = settings;
        allocator = around.allocator();
        budget = around.budget();
        gate = around.gate();
        nanoClock = around.time();
        ticks = around.time().join();
        tellsOfPauses = loop == around.sessionLoop();
        counters = around.metrics().newCounters();
        rejections = new RateLimitedLog(log, "Rejected", "client", "clients", nanoClock);
        cuts = new RateLimitedLog(log, "Disconnected", "client", "clients", nanoClock);
        ends = new RateLimitedLog(log, "Ended", "session", "sessions", nanoClock);
        keyChecks = new ProofQueue(loop, executor, ProofExecutor.Work.KEY, counters, this::retryProofs);
        challenges = new ProofQueue(loop, executor, ProofExecutor.Work.CHALLENGE, counters, this::retryProofs);
        guard = around.guard();
        refusals = new RateLimitedLog(log, "Refused", "client", "clients", nanoClock);
        bans = new RateLimitedLog(log, "Banned", "address", "addresses", nanoClock);
        watch = new RateAndIdleLimiter(guard.limits().rates(), around.time());
        isWatching = !guard.limits().rates().isOff();
        handshakes = new Deadlines<>(settings.handshakeTimeoutNanos(), PendingConnection::timedOut);
        reserveWaits = new Deadlines<>(LANE_WAIT_NANOS, HandshakeHandler::timedOut);
        lingering = new Deadlines<>(LingeringClose.LIMIT_NANOS, channel -> {
            counters.count(Metric.LINKS_RESET);
            LingeringClose.reset(channel);
        });
        delivering = new Deadlines<>(LingeringClose.LIMIT_NANOS, DrainTimeout::timedOut);
        peers = new DeadPeerDetector(probe, settings.peerTimeoutNanos(), around.time());
        reads = new SharedBuffer(allocator, around.readBytes());
        smallReads = new SharedBuffer(allocator, SMALL_READ_BYTES);
        handshakeReads = () -> smallReads;
        pacedReads = new SharedBuffer(allocator, PACED_READ_BYTES);
        liveReads = () -> isHeldBack() ? smallReads : isWatching && watch.hasRates() ? pacedReads : reads;
        Upstream upstream = around.upstream();
        up = new LoopQueue(loop, around.sessionLoop(), allocator, upstream::flush, this::release);
        down = new LoopQueue(around.sessionLoop(), loop, allocator, this::flush, upstream::roomForClients);
        tagger = new PacketTagger(up, upstream::frames, allocator, counters);
        gate.onOpen(() -> down.event(this::release));
    }

    /** Lets a connection begin its handshake, or closes it where a limit bites. */
    void begin(Channel channel, InetAddress from, SessionsProxy sessions) {
        begin(channel, prepare(channel), from, sessions, null);
    }

    /** The same for a connection from a trusted proxy, under the client's address, once the proxy has told that. */
    void beginBehindProxy(Channel channel, InetAddress proxy, SessionsProxy sessions) {
        LinkReads reads = prepare(channel);
        ProxyHeaderHandler.Next next = (client, begun) -> begin(channel, reads, client, sessions, begun);
        channel.pipeline().addLast("proxy", new ProxyHeaderHandler(this, channel, proxy, next));
    }

    /**
     * Has a channel that was just accepted read as all do. To be done once: a transport keeps the first that it got.
     */
    LinkReads prepare(Channel channel) {
        channel.config().setAllocator(allocator);
        LinkReads reads = new LinkReads(handshakeReads);
        channel.config().setRecvByteBufAllocator(reads);
        return reads;
    }

    /** @param begun the handshake's deadline, where it runs already */
    void begin(
            Channel channel,
            LinkReads reads,
            InetAddress from,
            SessionsProxy sessions,
            Deadlines<PendingConnection>.@Nullable Entry begun) {
        Admission admission = guard.arrives(from, () -> makeRoomLater(channel));
        if (!admission.isAdmitted()) {
            if (begun != null) {
                begun.cancel();
            }
            refuse(channel, admission, admission.limit());
            return;
        }
        channel.closeFuture().addListener(f -> guard.leaves(admission));
        channel.pipeline()
                .addLast("handshake", new HandshakeHandler(this, sessions, channel, reads, admission, from, begun));
    }

    /** Another connection has got the place of this handshake, or of this replaced link. On any loop. */
    private void makeRoomLater(Channel channel) {
        try {
            loop.execute(() -> makeRoom(channel));
        } catch (RejectedExecutionException ended) {
            log.debug("Its loop has ended, and the connection with it");
        }
    }

    private static void makeRoom(Channel channel) {
        HandshakeHandler handshake = channel.pipeline().get(HandshakeHandler.class);
        if (handshake != null) {
            handshake.giveWay();
        } else if (channel.pipeline().get(ClientLink.class) == null) {
            LingeringClose.reset(channel); // was rejected, or replaced, and waits for its peer to close
        } // else it waits for its session, which the guard does not let it have, or to be taken from it
    }

    /** Closes a connection for a limit: with a reset, for which nothing has to be kept or waited for. */
    void refuse(Channel channel, Admission admission, Metric limit) {
        counters.count(limit);
        refusals.warn(Causes.of(limit), admission.from());
        LingeringClose.reset(channel);
    }

    void failedProof(Admission admission) {
        if (guard.failed(admission)) {
            bans.warn("too many wrong proofs, for limits.ban_secs", admission.from());
        }
    }

    /** True while live clients are not to be read from: the master is slow, or the session loop is behind. */
    boolean isHeldBack() {
        return gate.isShut() || up.isFull();
    }

    /** So much is held, whoever for, that nothing is taken which a peer's FIN forces in. */
    boolean isHalfFull() {
        return budget.heldBytes() > budget.limitBytes() / 2;
    }

    /** More is held, whoever for, than should be: nobody joins who would bring more. */
    boolean isFull() {
        return budget.heldBytes() > budget.limitBytes();
    }

    /** Stops reading from a link that has more to send, until clients are no longer held back. */
    void pause(ClientLink link) {
        link.channel.config().setAutoRead(false);
        paused.add(link);
    }

    /** The link may send again: it is read from, unless all are held back. */
    void resume(ClientLink link) {
        if (isHeldBack()) {
            pause(link);
        } else {
            link.resumeReading();
        }
    }

    private void release() {
        if (isHeldBack()) {
            return; // for the other reason; its end calls again
        }
        List<ClientLink> links = List.copyOf(paused);
        paused.clear();
        for (ClientLink link : links) {
            watch.wasHeldBack(link);
            link.resumeReading();
        }
    }

    /** The link reads no more. */
    void forget(ClientLink link) {
        if (!paused.isEmpty()) {
            paused.remove(link);
        }
        watch.forget(link);
    }

    /** The link has got frames; they are offered to its socket once the whole batch is there. */
    void flushLater(LinkOutput output) {
        toFlush.add(output);
    }

    void flush() {
        for (int i = 0; i < toFlush.size(); i++) {
            LinkOutput output = toFlush.get(i);
            try {
                output.flush();
            } catch (Throwable ours) {
                // Memory that is not there, too: the others must be served, or let go of the buffer that is used again.
                broken(output, ours);
            }
        }
        toFlush.clear();
    }

    private static void broken(LinkOutput output, Throwable ours) {
        try {
            output.broken();
            log.error("Internal error, please report it: closed one client's link", ours);
        } catch (Throwable again) {
            output.channel().close();
        }
    }

    /** Closes a link on which something was sent. */
    void linger(Channel channel) {
        LingeringClose.begin(channel, lingering, nanoClock.getAsLong());
    }

    /** Counts and tells that a connection without a session is closed. */
    void refused(Metric why, InetAddress address) {
        counters.count(why);
        if (why != Metric.REJECTED_STOPPING) {
            rejections.warn(Causes.of(why), AddressText.lazy(address));
        }
    }

    private void retryProofs() {
        keyChecks.retry();
        challenges.retry();
    }

    /** Called a few times a second. */
    void sweep() {
        try {
            boolean mayJudge = ticks.tick();
            retryProofs();
            if (mayJudge) {
                judge(nanoClock.getAsLong());
            } else {
                wasLate();
            }
        } catch (Throwable ours) {
            log.error("Internal error, please report it: one client's link may be stuck", ours); // and the sweeps go on
        }
    }

    private void wasLate() {
        counters.count(Metric.LOOPS_LATE);
        if (tellsOfPauses && ticks.gapNanos() >= TOLD_PAUSE_NANOS) {
            log.warn(
                    "Did not run for {} ms (process stopped, or machine overloaded): timeouts are extended by as much",
                    TimeUnit.NANOSECONDS.toMillis(ticks.gapNanos()));
        }
    }

    /** Ends what is overdue; everything that had come was read before. */
    private void judge(long now) {
        handshakes.run(now);
        reserveWaits.run(now);
        RateLimits rates = guard.limits().rates();
        isWatching = !rates.isOff();
        watch.sweep(rates);
        delivering.run(now);
        lingering.run(now);
        peers.sweep(now);
    }

    /** At the memory limit handshakes that hold anything, and links without a session, go before sessions do. */
    void shedStrangers() {
        handshakes.items().forEach(PendingConnection::shed);
        delivering.items().forEach(DrainTimeout::giveUp);
    }

    void stopHandshakes() {
        handshakes.items().forEach(PendingConnection::stop);
    }

    /** The loop has ended. */
    void close() {
        reads.release();
        smallReads.release();
        pacedReads.release();
        up.release();
        down.release();
    }
}
