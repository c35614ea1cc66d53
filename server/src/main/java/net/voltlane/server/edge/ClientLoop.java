package net.voltlane.server.edge;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import net.voltlane.protocol.link3.GoAway;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.KeptFramesPool;
import net.voltlane.server.link.KeptMemory;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.link.Transport;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.LoopRecord;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Timing;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop's share of the clients: puts the loop's parts together, lets connections begin on them, and sweeps them
 * a few times a second. Handlers get the parts that they use, never this object. Belongs to its loop, but for {@link
 * LoopQueues#down}, which starts on the session loop.
 */
final class ClientLoop {
    private static final Logger log = LoggerFactory.getLogger(ClientLoop.class);
    /** The shortest pause that is worth a log line. */
    private static final long LOGGED_PAUSE_NANOS = 1_000_000_000L;
    /** The time between two sweeps of a loop that has time for them. */
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(ClientEdge.SWEEP_MILLIS);

    private final EventLoop loop;
    private final ByteBufAllocator allocator;
    private final Counters counters;
    private final LoopSettings settings;
    private Keepalive keepalive;
    private final Guard guard;
    private final ServedTime time;
    private final ServedTime.Loop ticks;
    private final LoopRecord record;
    /** True on one loop only: one line is enough for a pause of all loops. */
    private final boolean logsPauses;

    final LoopTimeouts timeouts;
    final Refusals refusals;
    final RateAndIdleLimiter limiter;
    private final Heartbeats heartbeats;
    private final OwedAcks acks;
    private final KeptFramesPool kept;
    private final Pongs pongs;
    final LinkFigures figures;
    private final LoopQueues queues;
    private final Backpressure backpressure;
    private final ReadBuffers readBuffers;
    private final KeptMemory keptMemory;
    private final HandshakeProofs proofs;
    private final Function<Transport, HandshakeContext> newContext;
    private final Map<Transport, HandshakeContext> contexts = new HashMap<>();

    ClientLoop(
            EventLoop loop,
            EdgeSettings settings,
            ClientEdge.Dependencies dependencies,
            ProofExecutor executor,
            Sessions sessions,
            ServerIdentity identity,
            PeerProbe probe) {
        this.loop = loop;
        Owner owner = Owner.of(loop);
        allocator = dependencies.allocator();
        counters = dependencies.metrics().newCounters();
        guard = dependencies.guard();
        this.settings = new LoopSettings(settings);
        keepalive = Keepalive.of(settings.peerTimeoutNanos());
        time = dependencies.time();
        record = dependencies.metrics().newLoop();
        figures = new LinkFigures(counters, time::realNanos);
        ticks = time.join(Owner.of(loop));
        logsPauses = loop == dependencies.sessionLoop();
        timeouts = new LoopTimeouts(owner, time, settings, probe, counters);
        refusals = new Refusals(log, counters, time);
        limiter = new RateAndIdleLimiter(owner, guard.limits().rates(), time);
        heartbeats = new Heartbeats(owner, time);
        acks = new OwedAcks(owner, time::realNanos);
        pongs = new Pongs(allocator);
        queues = new LoopQueues(
                loop,
                dependencies.sessionLoop(),
                allocator,
                dependencies.flow(),
                dependencies.upstream(),
                counters,
                this::release);
        backpressure = new Backpressure(owner, dependencies.gate(), queues.up);
        dependencies.gate().onOpen(() -> queues.down.event(this::release));
        readBuffers = new ReadBuffers(allocator, dependencies.readBytes(), backpressure, limiter);
        proofs = new HandshakeProofs(loop, executor, identity, counters);
        keptMemory = new KeptMemory(dependencies.budget());
        kept = new KeptFramesPool(allocator, keptMemory);
        newContext = contexts(dependencies.budget(), sessions);
    }

    private Function<Transport, HandshakeContext> contexts(MemoryBudget budget, Sessions sessions) {
        LoopMemory memory = new LoopMemory(allocator, budget, kept);
        SessionsProxy proxy = new SessionsProxy(sessions, queues);
        LinkFaults faults = new LinkFaults(log, counters, time);
        return transport -> new HandshakeContext(
                memory,
                timeouts,
                refusals,
                guard,
                proofs,
                proxy,
                new LinkContext(
                        settings,
                        memory,
                        timeouts,
                        guard,
                        refusals,
                        faults,
                        figures,
                        queues,
                        proxy,
                        backpressure,
                        limiter,
                        heartbeats,
                        acks,
                        pongs,
                        readBuffers,
                        transport));
    }

    // ---- connections begin ----

    /** Counts a connection that was just accepted, and has the kernel probe it while it is quiet. */
    void accepted(Channel channel) {
        counters.count(Metric.CLIENTS_ACCEPTED);
        keepalive.apply(channel);
    }

    /** The addresses that may speak for others. */
    TrustedProxies trustedProxies() {
        return settings.get().trustedProxies();
    }

    /** Lets a connection begin its handshake, or closes it if a limit stands against it. */
    void begin(Channel channel, Transport transport, InetAddress from) {
        begin(channel, transport, prepare(channel), from, figures.nowTicks(), null);
    }

    /** Reads a trusted proxy's header, then lets the connection begin its handshake under the client's address. */
    void beginBehindProxy(Channel channel, Transport transport, InetAddress proxy) {
        LinkReads<ReadPause> reads = prepare(channel);
        int acceptedTicks = figures.nowTicks();
        ProxyHeaderHandler.Next next =
                (client, begun) -> begin(channel, transport, reads, client, acceptedTicks, begun);
        ClientPipeline.beginWithProxyHeader(channel, new ProxyHeaderHandler(timeouts, refusals, channel, proxy, next));
    }

    /** Has a new channel read into the loop's buffers. Once for each channel: a transport keeps the first setting. */
    LinkReads<ReadPause> prepare(Channel channel) {
        channel.config().setAllocator(allocator);
        LinkReads<ReadPause> reads = new LinkReads<>(channel, readBuffers.forHandshakes());
        channel.config().setRecvByteBufAllocator(reads);
        return reads;
    }

    /**
     * Begins the handshake of a connection, or first has a proxy name its client in the transport's own words.
     *
     * @param acceptedTicks the time by {@link LinkFigures#nowTicks}
     * @param begun the handshake's deadline if it runs already, else null
     */
    void begin(
            Channel channel,
            Transport transport,
            LinkReads<ReadPause> reads,
            InetAddress from,
            int acceptedTicks,
            Deadlines<PendingConnection>.@Nullable Entry begun) {
        Predicate<InetAddress> proxies = trustedProxies().addresses();
        if (!transport.namesClients() || !proxies.test(from)) {
            Admission admission = admit(channel, Layer.NONE, from, begun);
            if (admission != null) {
                transport.addCodec(channel.pipeline());
                ClientPipeline.beginHandshake(
                        channel, handshake(transport, reads, admission, from, acceptedTicks, begun));
            }
            return;
        }
        WebProxyHandler.Next next = (client, deadline) -> {
            Admission admission = admit(channel, transport.layer(channel), client, deadline);
            if (admission != null) {
                ClientPipeline.beginHandshake(
                        channel, handshake(transport, reads, admission, client, acceptedTicks, deadline));
            }
            return admission != null;
        };
        WebProxyHandler.Arrival arrival = new WebProxyHandler.Arrival(reads, transport, from);
        transport.addCodec(channel.pipeline());
        ClientPipeline.beginWithWebProxy(
                channel, transport, new WebProxyHandler(timeouts, refusals, arrival, proxies, begun, next));
    }

    /**
     * Asks the limits about a connection.
     *
     * @param told the layer that can tell the client of a limit
     * @return null if a limit stands against it; it is closed then
     */
    private @Nullable Admission admit(
            Channel channel, Layer told, InetAddress from, Deadlines<PendingConnection>.@Nullable Entry begun) {
        Admission admission = guard.arrives(from, () -> makeRoomLater(channel));
        if (admission.isAdmitted()) {
            channel.closeFuture().addListener(f -> guard.leaves(admission));
            return admission;
        }
        if (begun != null) {
            begun.cancel();
        }
        // It has not said which version it speaks.
        refusals.refuse(channel, admission, told.tellBusy(guard.retryAfterMillis(admission)));
        return null;
    }

    private HandshakeHandler handshake(
            Transport transport,
            LinkReads<ReadPause> reads,
            Admission admission,
            InetAddress from,
            int acceptedTicks,
            Deadlines<PendingConnection>.@Nullable Entry begun) {
        HandshakeContext context = contexts.computeIfAbsent(transport, newContext);
        return new HandshakeHandler(context, reads, admission, from, acceptedTicks, begun);
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
            return;
        }
        ClientLink link = channel.pipeline().get(ClientLink.class);
        if (link == null) {
            LingeringClose.reset(channel); // was rejected, or replaced, and waits for its peer to close
        } else {
            link.giveWay();
        }
    }

    // ---- what happens on the loop ----

    /** Replaces the settings of this loop and of all its links. */
    void settings(EdgeSettings next) {
        assert loop.inEventLoop() : "belongs to its client loop";
        keepalive = Keepalive.of(next.peerTimeoutNanos());
        timeouts.replace(next);
        settings.replace(next);
    }

    private void release() {
        backpressure.release();
    }

    /** Called a few times a second. */
    void sweep() {
        assert loop.inEventLoop() : "belongs to its client loop";
        try {
            boolean mayJudge = ticks.tick();
            recordDelay();
            proofs.retry();
            acks.sweep();
            kept.sweep();
            if (mayJudge) {
                limiter.sweep(guard.limits().rates());
                heartbeats.sweep();
                timeouts.sweep();
            } else {
                wasLate();
            }
        } catch (Throwable ours) {
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: one client's link may be stuck"); // and the sweeps go on
        }
    }

    private void recordDelay() {
        long delayNanos = Math.max(0, ticks.gapNanos() - SWEEP_NANOS);
        counters.record(Timing.LOOP_DELAY, delayNanos);
        record.swept(time.realNanos(), delayNanos);
    }

    private void wasLate() {
        counters.count(Metric.LOOPS_LATE);
        if (logsPauses && ticks.gapNanos() >= LOGGED_PAUSE_NANOS) {
            long millis = TimeUnit.NANOSECONDS.toMillis(ticks.gapNanos());
            LogEvent.PAUSED
                    .on(log)
                    .addKeyValue(LogField.SECONDS.key(), millis / 1000.0)
                    .log(
                            "Did not run for {} ms (process stopped, or machine overloaded): timeouts are extended by as"
                                    + " much",
                            millis);
        }
    }

    /** Tells clients of version 3 one of these in turn, see {@link ClientEdge#goAway}. On the session loop. */
    void goAway(List<GoAway> goAways) {
        queues.down.event(() -> new GoingAway(loop, heartbeats.all(), goAways).run());
    }

    /** The number of clients that do not take at once what is sent to them. Any thread. */
    long slowClients() {
        return figures.slowClients();
    }

    /** Bytes that are kept until clients acknowledge them. Any thread. */
    long keptBytes() {
        return keptMemory.bytes();
    }

    /** Runs a task on this loop. Any thread. */
    void execute(Runnable task) {
        loop.execute(task);
    }

    /** Frees the loop's buffers; the loop has ended. */
    void close() {
        readBuffers.release();
        pongs.release();
        queues.release();
        kept.release();
    }
}
