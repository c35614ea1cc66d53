package net.voltlane.server.simulation;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.edge.Computations;
import net.voltlane.server.edge.EdgeDoors;
import net.voltlane.server.edge.EdgeSettings;
import net.voltlane.server.edge.HeartbeatBounds;
import net.voltlane.server.edge.ServedVersions;
import net.voltlane.server.edge.ServerIdentity;
import net.voltlane.server.edge.TrustedProxies;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.InetAddresses;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.names.Names;
import net.voltlane.server.session.RecordKeeping;
import net.voltlane.server.session.SessionEnvironment;
import net.voltlane.server.session.SessionSettings;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.session.StoreEvents;
import net.voltlane.server.session.WhenAway;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.server.store.FakeRecordStore;
import net.voltlane.server.store.RecordCodec;
import net.voltlane.server.store.RecordSeal;
import net.voltlane.server.uplink.FirehoseSettings;
import net.voltlane.server.uplink.MasterUplink;
import net.voltlane.server.uplink.UplinkDoors;
import net.voltlane.server.uplink.UplinkSettings;
import org.jspecify.annotations.Nullable;

/**
 * A server process of a {@link SplitWorld}, wired as {@code ServerParts} wires it, on one loop, with a store that it shares
 * with others.
 */
final class SplitServer {
    static final long STALE_NANOS = Rules.seconds(60);
    /** The time for which a server dials a backend that is away, before it ends. */
    private static final long RECONNECT_NANOS = Rules.seconds(30);
    /** The time for an answer of the store. */
    private static final long STORE_TIMEOUT_NANOS = Rules.seconds(2);

    private static final int MAX_FRAME_BYTES = 20_000;
    private static final int READ_BYTES = 4_096;
    private static final int RENEW_MILLIS = 100;
    private static final int BEAT_MILLIS = 1_000;
    private static final int REAP_MILLIS = 1_000;
    private static final QueueBounds ROOMY = new QueueBounds(100_000, 100_000_000);

    /** The place on the network, which later processes take as well. */
    final String slot;

    final String name;
    final long startedNanos;
    final ManualLoop loop;
    final Sessions sessions;
    private final SplitWorld world;
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final Metrics metrics = new Metrics();
    private final Computations computations = new Computations();
    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final ServedTime time;
    private final Gate gate;
    private final FirehoseFlow flow;
    private final FakeRecordStore records;
    private final MasterUplink uplink;
    private final ClientEdge edge;
    private final List<FakeChannel> channels = new ArrayList<>();

    private boolean reached;
    private boolean dead;
    private boolean gaveUp;
    private long storeAskedNanos;
    private @Nullable FakeChannel dialled;
    private long dialledNanos;

    SplitServer(SplitWorld world, String slot, int number) {
        this.world = world;
        this.slot = slot;
        startedNanos = world.now();
        SecureRandom random = new SeededSecureRandom(world.dice.number());
        byte[] instance = world.dice.bytes(16);
        instance[0] = (byte) number;
        name = HexFormat.of().formatHex(instance);
        loop = new ManualLoop(world.clock);
        time = new ServedTime(world.clock);
        gate = new Gate(Owner.of(loop));
        flow = new FirehoseFlow(loop);
        computations.hold(1_000);
        Counters counters = metrics.newCounters();
        uplink = newUplink(random, instance, counters);
        StoreEvents events = new StoreEvents(loop);
        records = world.storage.open(name, events);
        records.answersByHand();
        sessions = newSessions(random, events, counters);
        edge = newEdge(random);
        loop.scheduleWithFixedDelay(sessions::reap, REAP_MILLIS, REAP_MILLIS, TimeUnit.MILLISECONDS);
        loop.scheduleWithFixedDelay(sessions::renewRecords, RENEW_MILLIS, RENEW_MILLIS, TimeUnit.MILLISECONDS);
        loop.scheduleWithFixedDelay(this::beat, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        loop.execute(() -> {
            if (!dead) {
                uplink.start(sessions);
            }
        });
    }

    private MasterUplink newUplink(SecureRandom random, byte[] instance, Counters counters) {
        return UplinkDoors.uplink(
                FakeChannel.class,
                new UplinkSettings(
                        "127.0.0.1",
                        42_001,
                        Limits.masterFrameLimitBytes(MAX_FRAME_BYTES),
                        100_000,
                        100_000_000,
                        RECONNECT_NANOS,
                        0),
                new MasterUplink.Dependencies(
                        loop,
                        Names.LITERALS,
                        allocator,
                        budget,
                        gate,
                        flow,
                        time,
                        random::nextDouble,
                        new FirehoseSettings(3, true, instance)),
                counters,
                new UplinkListener(),
                new SimPeers(world.dice, world.clock));
    }

    private Sessions newSessions(SecureRandom random, StoreEvents events, Counters counters) {
        byte[] secret = Keys.SERVER.secret();
        RecordCodec codec = new RecordCodec(RecordSeal.ofRecords(secret, random));
        Sessions made = new Sessions(
                new SessionSettings(STALE_NANOS, 1_000_000, 0, ROOMY, ROOMY, false),
                new SessionEnvironment(() -> true, uplink, allocator, budget, counters, time),
                world::newId,
                new RecordKeeping(records, events, codec, name, WhenAway.CONTINUE, loop));
        made.handsOver(RecordSeal.ofHandOvers(secret, random));
        return made;
    }

    private ClientEdge newEdge(SecureRandom random) {
        Guard guard = new Guard(GuardLimits.OFF, metrics, world.clock, time::waitedSinceNanos);
        guard.room(1_000_000, Metric.REFUSED_DESCRIPTORS);
        return EdgeDoors.edge(
                new ManualGroup(List.of(loop)),
                new EdgeSettings(
                        MAX_FRAME_BYTES,
                        Rules.seconds(10),
                        ROOMY,
                        false,
                        0,
                        TrustedProxies.NONE,
                        new ServedVersions(true, true, new HeartbeatBounds(5, 5, 300), 60, ROOMY)),
                new ClientEdge.Dependencies(
                        loop, allocator, READ_BYTES, budget, metrics, gate, flow, uplink, time, guard),
                computations,
                sessions,
                new ServerIdentity(Keys.SERVER, random),
                new SimPeers(world.dice, world.clock));
    }

    /** Tells the others that it lives. */
    private void beat() {
        Objects.requireNonNull(records.fleet()).beat(name, new byte[] {1}, 5 * BEAT_MILLIS);
    }

    SplitNetwork network() {
        return world.network;
    }

    boolean isDead() {
        return dead;
    }

    /** It has ended itself, as the backend was away for too long. */
    boolean hasGivenUp() {
        return gaveUp;
    }

    /** Clients are accepted. */
    boolean isListening() {
        return reached && !dead;
    }

    // ---- its work

    /** Runs some of what it has to do. */
    void runs(int tasks) {
        for (int i = 0; i < tasks && !dead; i++) {
            if (!loop.runOne()) {
                computations.runAll();
            }
        }
    }

    /** Runs until it has nothing to do. */
    void settles() {
        for (int ran = 1; ran > 0 && !dead; ) {
            ran = computations.waiting();
            computations.runAll();
            ran += loop.run();
        }
    }

    // ---- its links

    /** A client has connected. */
    SplitLink accept(String client, Consumer<byte[]> onFrame, Runnable onEnd) {
        FakeChannel channel = FakeChannel.connected(loop, InetAddresses.of("192.0.2.1"));
        channels.add(channel);
        SplitLink link = new SplitLink(client, this, channel, onFrame, onEnd);
        EdgeDoors.accept(edge, channel);
        return link;
    }

    /** It has dialled the backend. */
    void dialled(FakeChannel channel) {
        dialled = channel;
        dialledNanos = world.now();
        channels.add(channel);
    }

    /** Returns the connection that it has dialled, if that is taken; null if there is none, or the way is not open. */
    @Nullable
    FakeChannel takeDial() {
        FakeChannel next = dialled;
        boolean isOpen = !network().isCutBetween(slot, SplitNetwork.BACKEND);
        if (next == null || !isOpen && world.now() - dialledNanos < Rules.seconds(5)) {
            return null;
        }
        dialled = null;
        if (!next.isOpen()) {
            return null;
        }
        if (!isOpen) {
            next.refused(new IOException("no answer"));
            return null;
        }
        return next;
    }

    // ---- its store

    /** Some of what goes between it and the store arrives, where the ways are open. */
    void movesStore(int most) {
        if (dead) {
            return;
        }
        boolean asks = !network().isCut(slot, SplitNetwork.STORE);
        boolean hears = !network().isCut(SplitNetwork.STORE, slot);
        int n = Math.min(most, records.waiting());
        if (asks && hears) {
            if (!records.isUp()) {
                world.note(slot + ": its store is back");
                records.comesUp();
            }
            records.answers(n);
            if (world.dice.oneIn(2)) {
                records.tells();
            }
        } else if (asks) {
            records.performs(n);
        } else if (hears && world.dice.oneIn(2)) {
            records.tells();
        }
    }

    /** Time has passed: a store that does not answer fails, and may count as away. */
    void ticksStore() {
        if (records.waiting() == 0) {
            storeAskedNanos = world.now();
        } else if (world.now() - storeAskedNanos >= STORE_TIMEOUT_NANOS) {
            if (world.dice.oneIn(2)) {
                world.note(slot + ": the store is too late");
                records.timesOut();
                if (world.dice.oneIn(3)) {
                    records.losesLate();
                }
            } else {
                storeIsLost();
            }
        }
    }

    /** The connection to the store breaks. */
    void storeIsLost() {
        if (!dead && records.isUp()) {
            world.note(slot + ": its store is away");
            records.timesOut();
            if (world.dice.oneIn(2)) {
                records.losesLate();
            }
            records.goesDown();
        }
    }

    // ---- its end

    /** The process is gone, with all that it knew. */
    void dies() {
        if (dead) {
            return;
        }
        dead = true;
        records.close();
        uplink.close();
        sessions.release();
        for (FakeChannel channel : channels) {
            channel.close();
        }
        edge.stopHandshakes();
        while (loop.runOne() || computations.waiting() > 0) {
            computations.runAll(); // what is left to release
        }
        edge.close();
        loop.end();
        WorldFailure.unless(budget.heldBytes() == 0, 0, slot + ": still held: " + budget.heldBytes());
        long leaked = allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
        WorldFailure.unless(leaked == 0, 0, slot + ": leaked: " + leaked + " bytes");
    }

    private final class UplinkListener implements MasterUplink.Listener {
        @Override
        public void reached() {
            reached = true;
        }

        @Override
        public void gaveUp(String message) {
            gaveUp = true;
        }
    }
}
