package net.voltlane.server.edge;

import ch.qos.logback.classic.Level;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.InetAddresses;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.FakePeers;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.Logged;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.RecordTransport;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.link.Transport;
import net.voltlane.server.link.Upstream;
import net.voltlane.server.link.WireForm;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.session.MasterPort;
import net.voltlane.server.session.RecordKeeping;
import net.voltlane.server.session.SessionEnvironment;
import net.voltlane.server.session.SessionSettings;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.session.StoreEvents;
import net.voltlane.server.session.WhenAway;
import net.voltlane.server.store.FakeRecordStore;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.RecordCodec;
import net.voltlane.server.store.RecordSeal;
import net.voltlane.server.websocket.WebSocketTransport;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;

/**
 * The clients' side of a server with real sessions, whose sockets, master, loops and time are the test's. The session
 * loop and the one client loop run when told to, one after the other.
 */
final class EdgeHarness implements AutoCloseable {
    static final SecureRandom RANDOM = new SecureRandom();
    static final int MAX_FRAME_BYTES = 100_000;
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
    static final Duration PEER_TIMEOUT = Duration.ofSeconds(20);
    static final EdgeSettings SETTINGS = new EdgeSettings(
            MAX_FRAME_BYTES,
            HANDSHAKE_TIMEOUT.toNanos(),
            new QueueBounds(1_000, 10_000_000),
            false,
            PEER_TIMEOUT.toNanos());

    /** The address of the trusted proxy. */
    static final InetAddress PROXY = ProxyHeader.address(new byte[] {10, 0, 0, 1});

    /** A sweep is due each time that this has passed. */
    private static final Duration SWEEP = Duration.ofMillis(ClientEdge.SWEEP_MILLIS);

    final ManualClock clock = new ManualClock();
    final ServedTime time = new ServedTime(clock);
    final ManualLoop sessionLoop = new ManualLoop(clock);
    final ManualLoop clientLoop;
    final MemoryBudget budget;
    final Gate gate = new Gate(Owner.of(sessionLoop));
    final Guard guard;
    final Metrics metrics = new Metrics();
    final FakePeers peers = new FakePeers(clock);
    final Computations computations = new Computations();
    final KeyPair serverKey;
    final Master master = new Master();
    /** The warnings about clients. */
    final Logged log = new Logged(ClientLoop.class, Level.INFO);

    /** The store of records; null for sessions without. */
    final @Nullable FakeRecordStore store;

    final Sessions sessions;
    final ClientLoop loop;
    /** The addresses of clients whose handshakes have begun behind a proxy. */
    final List<InetAddress> begun = new ArrayList<>();

    private final List<FakeChannel> channels = new ArrayList<>();
    /** The transport of the listener that connections come through from now on. */
    Transport transport = TcpTransport.INSTANCE;
    /** Makes the other side of the transport's codec for each client; null where this class knows it. */
    @Nullable
    Supplier<WireForm> wireForms;

    /** The secrets and random numbers of the server. */
    record Secrets(KeyPair serverKey, SecureRandom random, LongSupplier ids) {
        static Secrets drawn() {
            return new Secrets(KeyPair.generate(RANDOM), RANDOM, RANDOM::nextLong);
        }
    }

    EdgeHarness() {
        this(SETTINGS);
    }

    EdgeHarness(EdgeSettings settings) {
        this(settings, Long.MAX_VALUE);
    }

    EdgeHarness(EdgeSettings settings, long memoryLimitBytes) {
        this(settings, memoryLimitBytes, false, GuardLimits.OFF, ByteBufAllocator.DEFAULT, Secrets.drawn());
    }

    EdgeHarness(GuardLimits limits) {
        this(SETTINGS, Long.MAX_VALUE, false, limits, ByteBufAllocator.DEFAULT, Secrets.drawn());
    }

    EdgeHarness(EdgeSettings settings, GuardLimits limits) {
        this(settings, Long.MAX_VALUE, false, limits, ByteBufAllocator.DEFAULT, Secrets.drawn());
    }

    EdgeHarness(EdgeSettings settings, Secrets secrets) {
        this(settings, Long.MAX_VALUE, false, GuardLimits.OFF, ByteBufAllocator.DEFAULT, secrets);
    }

    static EdgeHarness of(ByteBufAllocator allocator) {
        return new EdgeHarness(SETTINGS, Long.MAX_VALUE, false, GuardLimits.OFF, allocator, Secrets.drawn());
    }

    /** Makes an edge with a single loop for all, as on a small machine. */
    static EdgeHarness ofOneLoop() {
        return new EdgeHarness(
                SETTINGS, Long.MAX_VALUE, true, GuardLimits.OFF, ByteBufAllocator.DEFAULT, Secrets.drawn());
    }

    /** Makes an edge whose sessions have records in this place. */
    static EdgeHarness recorded(FakeStorage storage, WhenAway whenAway) {
        return new EdgeHarness(
                SETTINGS,
                Long.MAX_VALUE,
                false,
                GuardLimits.OFF,
                ByteBufAllocator.DEFAULT,
                Secrets.drawn(),
                sessionLoop -> {
                    String owner = "a".repeat(32);
                    StoreEvents events = new StoreEvents(sessionLoop);
                    RecordCodec codec = new RecordCodec(RecordSeal.ofRecords(new byte[32], RANDOM));
                    FakeRecordStore store = storage.open(owner, events);
                    return new RecordKeeping(store, events, codec, owner, whenAway, sessionLoop);
                });
    }

    private EdgeHarness(
            EdgeSettings settings,
            long memoryLimitBytes,
            boolean oneLoop,
            GuardLimits limits,
            ByteBufAllocator allocator,
            Secrets secrets) {
        this(settings, memoryLimitBytes, oneLoop, limits, allocator, secrets, sessionLoop -> null);
    }

    private EdgeHarness(
            EdgeSettings settings,
            long memoryLimitBytes,
            boolean oneLoop,
            GuardLimits limits,
            ByteBufAllocator allocator,
            Secrets secrets,
            Function<Executor, @Nullable RecordKeeping> records) {
        serverKey = secrets.serverKey();
        guard = new Guard(limits, metrics, clock, time::waitedSinceNanos);
        clientLoop = oneLoop ? sessionLoop : new ManualLoop(clock);
        budget = new MemoryBudget(memoryLimitBytes);
        SessionSettings sessionSettings = new SessionSettings(
                Duration.ofMinutes(5).toNanos(),
                1_000,
                0,
                new QueueBounds(1_000, 10_000_000),
                settings.versions().unacknowledged(),
                false);
        SessionEnvironment around = new SessionEnvironment(
                () -> true, master, ByteBufAllocator.DEFAULT, budget, metrics.newCounters(), time);
        RecordKeeping keeping = records.apply(sessionLoop);
        store = keeping == null ? null : (FakeRecordStore) keeping.store();
        sessions = keeping == null
                ? new Sessions(sessionSettings, around, secrets.ids())
                : new Sessions(sessionSettings, around, secrets.ids(), keeping);
        ClientEdge.Dependencies dependencies = new ClientEdge.Dependencies(
                sessionLoop,
                allocator,
                64 * 1024,
                budget,
                metrics,
                gate,
                new FirehoseFlow(sessionLoop),
                master,
                time,
                guard);
        loop = new ClientLoop(
                clientLoop,
                settings,
                dependencies,
                new ProofExecutor(computations),
                sessions,
                new ServerIdentity(serverKey, secrets.random()),
                peers);
    }

    /** The other side of the transport's codec, for one more client; null if it has none. */
    @Nullable
    WireForm wireForm() {
        if (wireForms != null) {
            return wireForms.get();
        }
        if (transport instanceof RecordTransport) {
            return new RecordTransport.Peer();
        }
        return transport instanceof WebSocketTransport ? new WebSocketClient() : null;
    }

    /** A connection that was just accepted. */
    FakeChannel accept(String from) {
        FakeChannel channel = FakeChannel.connected(clientLoop);
        loop.begin(channel, transport, InetAddresses.of(from));
        channels.add(channel);
        return channel;
    }

    /** A test with very many connections is done with this one. */
    void forget(FakeChannel channel) {
        channels.remove(channel);
    }

    /** A connection that was just accepted from {@link #PROXY}. */
    FakeChannel acceptFromProxy() {
        FakeChannel channel = FakeChannel.connected(clientLoop);
        LinkReads<ReadPause> reads = loop.prepare(channel);
        int accepted = loop.figures.nowTicks();
        ProxyHeaderHandler.Next next = (client, deadline) -> {
            begun.add(client);
            loop.begin(channel, transport, reads, client, accepted, deadline);
        };
        channel.pipeline().addLast(new ProxyHeaderHandler(loop.timeouts, loop.refusals, channel, PROXY, next));
        channels.add(channel);
        return channel;
    }

    /** A client that has sent nothing yet. */
    EdgeClient connect() {
        return connect(EdgeClient.HOME);
    }

    /** A client at this address that has sent nothing yet. */
    EdgeClient connect(String from) {
        return new EdgeClient(this, KeyPair.generate(RANDOM), from);
    }

    /** A client with a new session. */
    EdgeClient open() {
        return connect().open();
    }

    /** A client whose first packet has reached the master. */
    EdgeClient openHeard() {
        EdgeClient client = open();
        client.send(Frame.of(Bytes.utf8("hello")));
        master.dataOf(client.id);
        return client;
    }

    /** Runs both loops until they have nothing left to do. */
    void run() {
        while (clientLoop.run() + sessionLoop.run() > 0) {}
    }

    /** Lets time pass while the loops run, and the client loop sweeps. */
    void advance(Duration by) {
        Duration left = by;
        for (; left.compareTo(SWEEP) > 0; left = left.minus(SWEEP)) {
            clock.advance(SWEEP);
            loop.sweep();
            run();
        }
        clock.advance(left);
        loop.sweep();
        run();
    }

    /** The master sends data for a session; it arrives when the loops run. */
    void send(long id, byte[] data) {
        ByteBuf frame = Bufs.buf(Tag.frame(id, Flag.DATA, data));
        sessions.data(id, frame, Tag.FRAME_HEADER_BYTES, data.length);
        frame.release();
    }

    long count(Metric metric) {
        return metrics.sum(metric);
    }

    /** Ends everything. Memory that is still charged then is a leak. */
    @Override
    public void close() {
        log.close();
        computations.runAll();
        run();
        channels.forEach(FakeChannel::close);
        run();
        sessions.stop(() -> {});
        run();
        loop.close();
        if (budget.heldBytes() != 0) {
            throw new AssertionError(budget.heldBytes() + " bytes are still charged");
        }
    }

    /** The master: records data and events in the order in which it receives them. */
    static final class Master implements MasterPort, Upstream {
        private final Map<Long, Subject> subjects = new HashMap<>();
        private final List<FirehosePacket> received = new ArrayList<>();
        boolean blocked;
        boolean atBound;
        /** The bytes kept for clients, as it was told of them. */
        final List<String> paced = new ArrayList<>();
        /** The numbers of packets that clients have, as it was told. */
        final List<Long> delivered = new ArrayList<>();
        /** It acknowledges what clients send, as a firehose of version 3 does. */
        boolean acknowledges;
        /** The session that was opened last. */
        @Nullable
        Subject opened;

        /** Everything received since the last call. */
        List<FirehosePacket> received() {
            List<FirehosePacket> all = List.copyOf(received);
            received.clear();
            return all;
        }

        /** The data received since the last call; anything else, or from another client, is an error. */
        List<byte[]> dataOf(long id) {
            List<byte[]> data = new ArrayList<>();
            for (FirehosePacket packet : received()) {
                if (packet.id() != id || packet.flag() != Flag.DATA) {
                    throw new AssertionError("not data of " + id + ": " + packet);
                }
                data.add(packet.data());
            }
            return data;
        }

        @Override
        public void frames(ByteBuf buf, int index, int length) {
            try {
                for (byte[] payload : Bufs.payloads(Bufs.bytes(buf, index, length))) {
                    received.add(FirehosePacket.decode(payload));
                }
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }

        /** The session of this id as the master's side sees it. */
        Subject subject(long id) {
            Subject subject = subjects.get(id);
            if (subject == null) {
                throw new AssertionError("was not told of " + id);
            }
            return subject;
        }

        @Override
        public void opened(Subject session) {
            subjects.put(session.id(), session);
            opened = session;
        }

        @Override
        public long firstPacket(Subject session) {
            return received.size();
        }

        @Override
        public void suspended(Subject session, String cause) {}

        @Override
        public void resumed(Subject session, boolean isTakeover) {
            if (session.isKnownToMaster()) {
                received.add(reconnected(session.id()));
            }
        }

        @Override
        public void ended(Subject session, Reason reason, byte[] text) {
            if (session.isKnownToMaster()) {
                received.add(failed(session.id(), reason));
            }
        }

        @Override
        public void dataFollows(Subject session) {}

        @Override
        public void delivered(Subject session) {
            delivered.add(session.delivered());
        }

        @Override
        public void taken(Subject session, long packets) {
            delivered.add(packets);
        }

        @Override
        public void slow(Subject session, long keptBytes) {
            paced.add("slow " + keptBytes);
        }

        @Override
        public void ready(Subject session, long keptBytes) {
            paced.add("ready " + keptBytes);
        }

        @Override
        public boolean wantsDelivered() {
            return acknowledges;
        }

        @Override
        public boolean acknowledges() {
            return acknowledges;
        }

        @Override
        public boolean notFound(long id) {
            if (!atBound) {
                received.add(failed(id, Reason.CLIENT_NOT_FOUND));
            }
            return !atBound;
        }

        static FirehosePacket failed(long id, Reason reason) {
            return new FirehosePacket(id, Flag.FAILURE, Bytes.utf8(reason.text()));
        }

        static FirehosePacket reconnected(long id) {
            return new FirehosePacket(id, Flag.RECONNECTION, new byte[0]);
        }

        static FirehosePacket data(long id, byte[] data) {
            return new FirehosePacket(id, Flag.DATA, data);
        }

        @Override
        public void block() {
            blocked = true;
        }

        @Override
        public void unblock() {
            blocked = false;
        }

        @Override
        public void flush() {}
    }
}
