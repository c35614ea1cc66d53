package net.voltlane.server;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.voltlane.proof.PublicKeys;
import net.voltlane.proof.WarmUp;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.edge.ProofExecutor;
import net.voltlane.server.edge.ServerIdentity;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.names.SystemNames;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.uplink.MasterUplink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection server: dials the master, and accepts clients once it was reached. Wiring only; who owns what is said
 * by the parts. Thread-safe.
 */
public final class VoltlaneServer {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);
    /**
     * An orderly stop takes no longer than this; what is not delivered by then is dropped. Below the ten seconds after
     * which supervisors commonly kill what they have told to stop.
     */
    private static final long STOP_LIMIT_SECS = 8;

    /** What is left of that when nothing more is delivered: for closing all connections, and ending the loops. */
    private static final long END_MILLIS = 1_000;

    private static final long END_LOOPS_MILLIS = 500;
    private static final long QUIET_MILLIS = 50;
    private static final long YEAR_SECS = 365L * 24 * 3600;

    private final ServerConfig config;
    private final String keyFingerprint;
    private final SocketKind sockets;
    private final Entrance entrance;
    /** Tests let them die. */
    final Loops group;

    private final EventLoop sessionLoop;
    private final ProofExecutor proofs;
    private final Metrics metrics = new Metrics();
    /** Of every deadline by which a peer is judged. */
    private final ServedTime time = new ServedTime(System::nanoTime);
    /** The session loop's. */
    private final Counters counters;

    private final Heap heap = Heap.ofThisJvm();
    private final long maxStaleClients;
    private final MemoryBudget budget;
    private final MasterUplink uplink;
    private final Sessions sessions;
    private final Guard guard;
    private final ClientEdge edge;

    private final CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile @Nullable Room room;

    /** The rest belongs to the session loop. */
    private boolean stopping;

    private boolean closed;

    /**
     * Starts a server and returns at once.
     *
     * @throws StartException for what the operator can mend
     */
    public static VoltlaneServer start(ServerConfig config) {
        VoltlaneServer server = new VoltlaneServer(config);
        server.sessionLoop.execute(server::begin);
        return server;
    }

    /**
     * Looks for what would keep {@link #start} from starting, as far as that can be seen without: the key file. Changes
     * nothing.
     *
     * @return what is good to know, a line for people
     * @throws StartException as {@link #start} would
     */
    public static String check(ServerConfig config) {
        return ServerKey.check(config.listener());
    }

    private VoltlaneServer(ServerConfig config) {
        this.config = config;
        sockets = SocketKind.of(config.listener().transport());
        SecureRandom random = new SecureRandom();
        var serverKey = ServerKey.load(config.listener(), random);
        keyFingerprint = PublicKeys.fingerprint(serverKey.publicKey());
        entrance = new Entrance(config.listener().address());
        int threads = Sizing.threads(config.listener().threads());
        group = new Loops(threads, sockets.handlers(), this::died);
        sessionLoop = group.next();
        proofs = new ProofExecutor(Sizing.proofThreads());
        budget = new MemoryBudget(Sizing.maxBufferedBytes(config.limits().maxBufferedBytes()));
        PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        Gate gate = new Gate();
        FirehoseFlow flow = new FirehoseFlow(sessionLoop);
        counters = metrics.newCounters();
        uplink = new MasterUplink(
                sockets.clientChannel(),
                PartSettings.uplink(config, budget.limitBytes()),
                new MasterUplink.Dependencies(
                        sessionLoop,
                        new SystemNames(sessionLoop, sockets.datagramChannel(), sockets.clientChannel()),
                        allocator,
                        budget,
                        gate,
                        flow,
                        time,
                        random::nextDouble),
                counters,
                new UplinkListener());
        maxStaleClients = heap.maxStaleClients(config.clients().maxStaleClients());
        sessions = new Sessions(
                PartSettings.sessions(config, maxStaleClients),
                uplink,
                allocator,
                budget,
                counters,
                time,
                random::nextLong);
        guard = new Guard(config.limits().strangers(), metrics, System::nanoTime, time::waitedSinceNanos);
        edge = new ClientEdge(
                group,
                PartSettings.edge(config),
                new ClientEdge.Dependencies(
                        sessionLoop,
                        allocator,
                        sockets.clientReadBytes(),
                        budget,
                        metrics,
                        gate,
                        flow,
                        uplink,
                        time,
                        guard),
                proofs,
                sessions,
                new ServerIdentity(serverKey, random));
        budget.onExceeded(() -> sessionLoop.execute(this::shed));
    }

    /** The address that clients are accepted on; completes once the master was reached. */
    public CompletionStage<InetSocketAddress> listening() {
        return listening;
    }

    /** How many clients there is room for; null before {@link #listening} has completed. */
    public @Nullable Room room() {
        return room;
    }

    /** The short name of the key that clients know this server by, as {@link PublicKeys#fingerprint} writes it. */
    public String keyFingerprint() {
        return keyFingerprint;
    }

    /**
     * Completes when the server has ended: normally after {@link #stop}, exceptionally with
     * {@link ServerFailedException} for a reason that lies outside.
     */
    public CompletionStage<Void> ended() {
        return ended;
    }

    /** What the server has counted so far. */
    public long count(Metric metric) {
        return metrics.sum(metric);
    }

    /**
     * Stops in order: accepts nobody, forwards what was taken from clients, delivers what is queued for them, tells the
     * master of every session. Returns at once; takes eight seconds at most. A second call does nothing.
     */
    public void stop() {
        try {
            sessionLoop.execute(this::stopInOrder);
        } catch (RejectedExecutionException ended) {
            log.debug("Stopped already");
        }
    }

    private void begin() {
        long interval = Math.min(config.clients().staleReapIntervalSecs(), YEAR_SECS);
        sessionLoop.scheduleWithFixedDelay(this::reap, interval, interval, TimeUnit.SECONDS);
        uplink.start(sessions);
    }

    private void reap() {
        try {
            sessions.reap();
        } catch (Throwable ours) {
            log.error(
                    "Internal error, please report it: a session may stay for too long",
                    ours); // and the next look comes
        }
    }

    private void listen() {
        Room.Supply least;
        try {
            least = Room.least(List.of(Descriptors.left(), heap.left(maxStaleClients)));
        } catch (StartException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        Room found = Room.of(config.limits().strangers().connections().total(), least);
        log.info("Room: {}", found.text());
        room = found;
        guard.room(least.connections(), least.bound().refused);
        InetSocketAddress wanted = entrance.address();
        edge.bound(least.connections());
        ChannelFuture bind = edge.listen(group, sockets.listening(wanted.getAddress()), wanted, TcpTransport.INSTANCE);
        entrance.open(bind, sessionLoop, new Entrance.Outcome() {
            @Override
            public void opened(InetSocketAddress local) {
                log.info(
                        "Ready: clients are accepted on {} ({})", NetUtil.toSocketAddressString(local), sockets.name());
                listening.complete(local);
                WarmUp.startOnce(); // no sooner: it would compete with the start for a processor
            }

            @Override
            public void failed(String why) {
                fail(why);
            }
        });
    }

    private void stopInOrder() {
        if (stopping || closed) {
            return;
        }
        stopping = true;
        log.info(
                "Stopping within {} s: ending {}, and telling the backend of each",
                STOP_LIMIT_SECS,
                sessions.size() == 1 ? "1 session" : sessions.size() + " sessions");
        entrance.close();
        edge.stopHandshakes();
        sessions.stop(() -> uplink.finish(() -> edge.whenNoneOpen(() -> sessionLoop.execute(() -> close(null)))));
        sessionLoop.schedule(
                () -> close(null), TimeUnit.SECONDS.toMillis(STOP_LIMIT_SECS) - END_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * A loop has died, and with it what its clients' links and loop queues held: nothing of that can be ended in order. What
     * is left of the server is closed, so that nobody goes on waiting for it. On the dying loop's thread, which may be
     * the session loop's.
     */
    private void died(EventLoop loop, Throwable cause) {
        String message = "internal error: a thread that serves clients died of " + cause;
        try {
            if (loop == sessionLoop) {
                fail(message);
            } else {
                sessionLoop.execute(() -> fail(message));
            }
        } catch (Throwable again) {
            endLoops(new ServerFailedException(message));
        }
    }

    private void fail(String message) {
        close(new ServerFailedException(message));
    }

    private void close(@Nullable ServerFailedException failure) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            uplink.close();
            sessions.release();
            proofs.close();
            entrance.close();
        } finally { // else nobody would hear of the end
            endLoops(failure);
        }
    }

    private void endLoops(@Nullable ServerFailedException failure) {
        // The quiet time lets loops tell each other of the channels that they close.
        group.shutdownGracefully(QUIET_MILLIS, END_LOOPS_MILLIS, TimeUnit.MILLISECONDS)
                .addListener(f -> {
                    try {
                        edge.close();
                    } finally {
                        conclude(failure);
                    }
                });
    }

    private void conclude(@Nullable ServerFailedException failure) {
        if (failure == null) {
            log.info("The server has stopped");
            listening.completeExceptionally(new ServerFailedException("stopped before the master was reached"));
            ended.complete(null);
        } else {
            listening.completeExceptionally(failure);
            ended.completeExceptionally(failure);
        }
    }

    /** Memory is at its limit: those who are no session yet, or none any more, go first. */
    private void shed() {
        counters.count(Metric.MEMORY_LIMIT_REACHED);
        edge.shedStrangers(sessionLoop, () -> {
            budget.listen();
            sessions.shed();
        });
    }

    private final class UplinkListener implements MasterUplink.Listener {
        @Override
        public void reached() {
            listen();
        }

        @Override
        public void gaveUp(String message) {
            if (stopping) {
                close(null); // there is nobody left to tell
            } else {
                fail(message);
            }
        }
    }
}
