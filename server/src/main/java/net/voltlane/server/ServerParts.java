package net.voltlane.server;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import net.voltlane.proof.PublicKeys;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.edge.ProofExecutor;
import net.voltlane.server.edge.ServerIdentity;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.names.SystemNames;
import net.voltlane.server.session.SessionEnvironment;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.uplink.MasterUplink;

/**
 * The parts of one server, put together and not yet started. Each part says which thread owns it. Made on any thread.
 */
final class ServerParts {
    private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    final SocketKind sockets;
    final ListenerTls tls;
    final Listeners listeners;
    final Loops loops;
    final EventLoop sessionLoop;
    final ProofExecutor proofs;
    final String keyFingerprint;
    final Metrics metrics = new Metrics();
    /** The session loop's. */
    final Counters counters;

    final MemoryBudget budget;
    private final Gate gate;
    private final FirehoseFlow flow;
    /** The time of every deadline by which a peer is judged. */
    private final ServedTime time = new ServedTime(System::nanoTime);

    private final Heap heap = Heap.ofThisJvm();
    final Guard guard;
    final MasterUplink uplink;
    final Sessions sessions;
    final ClientEdge edge;
    final ServerGauges gauges;
    final StaleReaper reaper;
    final CurrentCapacity capacity;
    final Reloader reloader;

    /** @throws StartException for a reason that the operator can mend */
    ServerParts(ServerConfig config, Loops.DeathListener onLoopDeath, MasterUplink.Listener uplinkListener) {
        sockets = SocketKind.of(config.listener().transport());
        SecureRandom random = new SecureRandom();
        var serverKey = ServerKey.load(config.listener(), random);
        keyFingerprint = PublicKeys.fingerprint(serverKey.publicKey());
        budget = new MemoryBudget(Sizing.maxBufferedBytes(config.limits().maxBufferedBytes()));
        tls = new ListenerTls(config, metrics, budget, random);
        listeners = new Listeners(PartSettings.listeners(config, budget, tls));
        loops = new Loops(Sizing.threads(config.listener().threads()), sockets.handlers(), onLoopDeath);
        sessionLoop = loops.next();
        proofs = new ProofExecutor(Sizing.proofThreads());
        gate = new Gate(Owner.of(sessionLoop));
        flow = new FirehoseFlow(sessionLoop);
        counters = metrics.newCounters();
        uplink = newUplink(config, random, uplinkListener);
        long maxStaleClients = heap.maxStaleClients(config.clients().maxStaleClients());
        SessionEnvironment around =
                new SessionEnvironment(Owner.of(sessionLoop), uplink, ALLOCATOR, budget, counters, time);
        sessions = new Sessions(PartSettings.sessions(config, maxStaleClients), around, random::nextLong);
        guard = new Guard(config.limits().guard(), metrics, System::nanoTime, time::waitedSinceNanos);
        edge = newEdge(config, new ServerIdentity(serverKey, random));
        reaper = new StaleReaper(sessionLoop, sessions);
        capacity = new CurrentCapacity(heap, budget::limitBytes, guard);
        reloader = new Reloader(
                new Reloader.Parts(budget, uplink, sessions, reaper, guard, heap, capacity, edge),
                tls,
                config,
                maxStaleClients);
        gauges = new ServerGauges(new ServerGauges.Parts(
                sessions, uplink, edge, guard, proofs, ALLOCATOR, budget, around.kept(), gate, flow, time));
        registerGauges();
    }

    private MasterUplink newUplink(ServerConfig config, SecureRandom random, MasterUplink.Listener listener) {
        return new MasterUplink(
                sockets.connecting(config.master().address()),
                PartSettings.uplink(config, budget.limitBytes()),
                new MasterUplink.Dependencies(
                        sessionLoop,
                        new SystemNames(sessionLoop, sockets.datagramChannel(), sockets.clientChannel()),
                        ALLOCATOR,
                        budget,
                        gate,
                        flow,
                        time,
                        random::nextDouble,
                        PartSettings.firehose(config, random)),
                counters,
                listener);
    }

    private ClientEdge newEdge(ServerConfig config, ServerIdentity identity) {
        return new ClientEdge(
                loops,
                PartSettings.edge(config),
                new ClientEdge.Dependencies(
                        sessionLoop,
                        ALLOCATOR,
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
                identity);
    }

    /** Begins what runs from the start on, and dials the master. */
    void start() {
        reaper.every(reloader.inEffect().clients().staleReapIntervalSecs());
        gauges.start(sessionLoop);
        tls.start();
        uplink.start(sessions);
    }

    /** The address of another server that clients of this one can go to; empty if none is known. */
    String elsewhere() {
        return "";
    }

    /** Frees what client loops held; the loops have ended. */
    void free() {
        edge.close();
        tls.close();
    }

    private void registerGauges() {
        gauges.register(metrics);
        metrics.register(Gauge.SESSIONS_STALE_LIMIT, reloader::maxStaleClients);
        metrics.register(Gauge.CONNECTIONS_LIMIT, capacity::connections);
    }
}
