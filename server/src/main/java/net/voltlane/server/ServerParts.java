package net.voltlane.server;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.PublicKeys;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.StoreKind;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.edge.ProofExecutor;
import net.voltlane.server.edge.ServerIdentity;
import net.voltlane.server.fleet.FleetMember;
import net.voltlane.server.fleet.Membership;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.names.SystemNames;
import net.voltlane.server.session.RecordKeeping;
import net.voltlane.server.session.SessionEnvironment;
import net.voltlane.server.session.SessionSettings;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.session.StoreEvents;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.RecordCodec;
import net.voltlane.server.store.RecordSeal;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreFacts;
import net.voltlane.server.uplink.MasterUplink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one server, put together and not yet started. Each part says which thread owns it. Made on any thread.
 */
final class ServerParts {
    /** Ten times a second the records of sessions whose turn it is are renewed. */
    private static final long RENEW_MILLIS = 100;

    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);
    /** For people alone: when this server began. */
    private static final LongSupplier WALL_CLOCK = System::currentTimeMillis;

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
    /** The store of records outside of this process; null if there is none. */
    final @Nullable RecordStore store;
    /** The place among the servers that share the store; null if it is not shared. */
    private @Nullable Membership membership;
    /** The exchange of bans with these servers; null if there is none. */
    private @Nullable FleetBans fleetBans;

    /** The name of this process, for the store and for the backend. */
    final String owner;

    private final SecureRandom random = new SecureRandom();

    /** @throws StartException for a reason that the operator can mend */
    ServerParts(ServerConfig config, Loops.DeathListener onLoopDeath, MasterUplink.Listener uplinkListener) {
        sockets = SocketKind.of(config.listener().transport());
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
        byte[] instance = new byte[FirehoseMessage.INSTANCE_BYTES];
        random.nextBytes(instance);
        owner = HexFormat.of().formatHex(instance);
        uplink = newUplink(config, instance, uplinkListener);
        long maxStaleClients = heap.maxStaleClients(config.clients().maxStaleClients());
        SessionEnvironment around =
                new SessionEnvironment(Owner.of(sessionLoop), uplink, ALLOCATOR, budget, counters, time);
        StoreEvents events = new StoreEvents(sessionLoop);
        store = config.store().kind() == StoreKind.MEMORY ? null : openStore(config, events);
        sessions = newSessions(config, maxStaleClients, around, serverKey, events);
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

    /** Ends what has begun if the store can't be opened: a store that was there for a moment has started the session loop. */
    private RecordStore openStore(ServerConfig config, StoreEvents events) {
        boolean done = false;
        try {
            RecordStore opened = ServerStore.open(config, owner, keyFingerprint, events);
            done = true;
            return opened;
        } finally {
            if (!done) {
                proofs.close();
                loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            }
        }
    }

    private Sessions newSessions(
            ServerConfig config,
            long maxStaleClients,
            SessionEnvironment around,
            KeyPair serverKey,
            StoreEvents events) {
        SessionSettings settings = PartSettings.sessions(config, maxStaleClients);
        RecordStore records = store;
        if (records == null) {
            return new Sessions(settings, around, random::nextLong);
        }
        RecordCodec codec = new RecordCodec(RecordSeal.ofRecords(serverKey.secret(), random));
        Sessions kept = new Sessions(
                settings,
                around,
                random::nextLong,
                new RecordKeeping(records, events, codec, owner, PartSettings.whenAway(config), sessionLoop));
        kept.handsOver(RecordSeal.ofHandOvers(serverKey.secret(), random));
        return kept;
    }

    /**
     * Makes this server known to the others that share its store, if it has one that can be shared. Before {@link #start}.
     *
     * @param onOtherKey hears the fault if the fleet turns out to have another key than this server
     */
    void join(ServerConfig config, Supplier<ServerState> state, Consumer<String> onOtherKey) {
        Fleet fleet = store == null ? null : store.fleet();
        if (fleet != null) {
            FleetSelf self = new FleetSelf(owner, WALL_CLOCK.getAsLong(), config, metrics, state, listeners::addresses);
            fleetBans = FleetBans.start(fleet, guard.bans(), this::isStoreUp, self::name, metrics);
            membership = new Membership(
                    fleet,
                    owner,
                    keyFingerprint,
                    self,
                    theirs -> onOtherKey.accept(ServerStore.otherKey(keyFingerprint, theirs)));
        }
    }

    private MasterUplink newUplink(ServerConfig config, byte[] instance, MasterUplink.Listener listener) {
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
                        PartSettings.firehose(config, instance)),
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
        if (store != null) {
            sessionLoop.scheduleWithFixedDelay(
                    guarded(sessions::renewRecords), RENEW_MILLIS, RENEW_MILLIS, TimeUnit.MILLISECONDS);
        }
        Membership ours = membership;
        if (ours != null) {
            sessionLoop.scheduleWithFixedDelay(guarded(ours::beat), 0, Membership.BEAT_MILLIS, TimeUnit.MILLISECONDS);
        }
        uplink.start(sessions);
    }

    /** Runs a task that comes again and again: what it throws is logged, and the next run comes. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable ours) {
                LogEvent.INTERNAL_ERROR
                        .on(log)
                        .setCause(ours)
                        .log("Internal error, please report it: the records of sessions may not be renewed");
            }
        };
    }

    /** The addresses of the other servers that clients of this one can go to; none if none is known. */
    List<String> elsewhere() {
        return membership == null ? List.of() : membership.elsewhere();
    }

    /** Facts about the store of records; empty where there is none. Any thread. */
    Optional<StoreFacts> storeFacts() {
        return Optional.ofNullable(store).map(RecordStore::facts);
    }

    /** True if the store of records answers, as far as is known; also where there is none. Any thread. */
    boolean isStoreUp() {
        return store == null || store.isUp();
    }

    /** True if sessions live on without this process, in a store. */
    boolean sessionsLiveOn() {
        return store != null;
    }

    /** True if another server that shares the store was there lately, and is to stay. */
    boolean isInCompany() {
        return members().stream()
                .anyMatch(member -> !member.owner().equals(owner) && !member.isDraining() && member.isBackendUp());
    }

    /** The servers that share the store, as they were known a second ago or so; none if it is not shared. Any thread. */
    List<FleetMember> members() {
        Membership ours = membership;
        return ours == null ? List.of() : ours.members();
    }

    /** Frees what client loops held; the loops have ended. */
    void free() {
        edge.close();
        tls.close();
        if (membership != null) {
            membership.leave();
        }
        if (fleetBans != null) {
            fleetBans.close();
        }
        if (store != null) {
            store.close();
        }
    }

    private void registerGauges() {
        gauges.register(metrics);
        metrics.register(Gauge.SESSIONS_STALE_LIMIT, reloader::maxStaleClients);
        metrics.register(Gauge.CONNECTIONS_LIMIT, capacity::connections);
        if (store != null) {
            gauges.registerStore(metrics);
        }
    }
}
