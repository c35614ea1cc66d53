package net.voltlane.server.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.edge.Computations;
import net.voltlane.server.edge.EdgeDoors;
import net.voltlane.server.edge.ServerIdentity;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.link.Upstream;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.names.Names;
import net.voltlane.server.session.SessionDrain;
import net.voltlane.server.session.SessionEnvironment;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.uplink.FirehoseSettings;
import net.voltlane.server.uplink.MasterUplink;
import net.voltlane.server.uplink.UplinkDoors;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;

/** The server's parts, wired as {@code VoltlaneServer} wires them, on loops, sockets and time of a world. */
final class SimServer {
    /** As long as an orderly stop may take. */
    private static final long STOP_LIMIT_SECS = 8;

    private static final long STOP_AFTER_DRAIN_SECS = 3;
    private static final long DRAIN_STEP_MILLIS = 20;

    final ManualClock clock = new ManualClock();
    final ServedTime time = new ServedTime(clock);
    final List<ManualLoop> loops = new ArrayList<>();
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    final Metrics metrics = new Metrics();
    final Gate gate;
    final MemoryBudget budget;
    final Computations computations = new Computations();
    final Sessions sessions;
    final Junction junction;
    final Guard guard;
    final SimPeers peers;
    private final ProtocolModel book;
    private final ManualLoop sessionLoop;
    private final MasterUplink uplink;
    private final ClientEdge edge;
    private final List<FakeChannel> channels = new ArrayList<>();

    private int gateOpenings;
    private boolean reached;
    private @Nullable SessionDrain drain;
    private boolean stopping;
    /** Once it is ending: the time at which everything is closed at the latest. */
    private long endsAtNanos;

    private boolean closed;
    private boolean gaveUp;

    SimServer(Rules rules, ProtocolModel book, Dice dice, long seed, LongSupplier ids) {
        this.book = book;
        SecureRandom random = new SeededSecureRandom(seed);
        for (int i = 0; i < rules.loops(); i++) {
            loops.add(new ManualLoop(clock));
        }
        sessionLoop = loops.get(0);
        gate = new Gate(Owner.of(sessionLoop));
        FirehoseFlow flow = new FirehoseFlow(sessionLoop);
        budget = new MemoryBudget(rules.memoryLimitBytes());
        computations.hold(rules.proofPlaces());
        var counters = metrics.newCounters();
        guard = new Guard(rules.limits(), metrics, clock, time::waitedSinceNanos);
        guard.room(rules.room(), Metric.REFUSED_DESCRIPTORS);
        peers = new SimPeers(dice, clock);
        uplink = UplinkDoors.uplink(
                FakeChannel.class,
                rules.uplink(),
                new MasterUplink.Dependencies(
                        sessionLoop,
                        Names.LITERALS,
                        allocator,
                        budget,
                        gate,
                        flow,
                        time,
                        random::nextDouble,
                        firehose(rules, random)),
                counters,
                new UplinkListener(),
                peers);
        junction = new Junction(book, uplink, rules.edge().blocksOnOverflow());
        sessions = new Sessions(
                rules.sessions(), new SessionEnvironment(() -> true, junction, allocator, budget, counters, time), ids);
        edge = EdgeDoors.edge(
                new ManualGroup(loops),
                rules.edge(),
                new ClientEdge.Dependencies(
                        sessionLoop,
                        allocator,
                        rules.clientReadBytes(),
                        budget,
                        metrics,
                        gate,
                        flow,
                        new ToMaster(),
                        time,
                        guard),
                computations,
                sessions,
                new ServerIdentity(Keys.SERVER, random),
                peers);
        budget.onExceeded(() -> sessionLoop.execute(this::shed));
        sessionLoop.scheduleWithFixedDelay(sessions::reap, rules.reapNanos(), rules.reapNanos(), TimeUnit.NANOSECONDS);
        gate.onOpen(() -> gateOpenings++);
        sessionLoop.execute(() -> uplink.start(sessions));
    }

    private static FirehoseSettings firehose(Rules rules, SecureRandom random) {
        byte[] instance = new byte[16];
        random.nextBytes(instance);
        instance[0] = 1;
        return rules.firehose3()
                ? new FirehoseSettings(3, !rules.announcesWithData(), instance)
                : FirehoseSettings.VERSION_2;
    }

    int gateOpenings() {
        return gateOpenings;
    }

    /** Clients are accepted. */
    boolean isListening() {
        return reached && !stopping && !closed;
    }

    boolean isStopping() {
        return stopping;
    }

    /** It drains or stops: sessions end for no other cause, and no new ones begin. */
    boolean isEnding() {
        return drain != null || stopping;
    }

    /** Once it is ending: the time at which everything is closed at the latest. */
    long endsAtNanos() {
        return endsAtNanos;
    }

    boolean isClosed() {
        return closed;
    }

    /** The master was away for too long, in a stop as well: what waited for it is dropped. */
    boolean hasGivenUp() {
        return gaveUp;
    }

    FakeChannel accept(ManualLoop loop, InetAddress from) {
        FakeChannel channel = FakeChannel.connected(loop, from);
        channels.add(channel);
        return channel;
    }

    /** The second half of {@link #accept}, once the world watches the channel. */
    void accepted(FakeChannel channel) {
        if (channel.isActive()) {
            EdgeDoors.accept(edge, channel);
        }
    }

    long count(Metric metric) {
        return metrics.sum(metric);
    }

    void stop() {
        sessionLoop.execute(() -> stopInOrder(STOP_LIMIT_SECS));
    }

    void drain(long secs) {
        sessionLoop.execute(() -> drainInOrder(secs));
    }

    private void drainInOrder(long secs) {
        if (isEnding() || closed) {
            return;
        }
        if (sessions.size() == 0) {
            stopInOrder(secs + STOP_AFTER_DRAIN_SECS);
            return;
        }
        book.lives().forEach(SessionModel::endsInOrder);
        guard.openNoSessions();
        edge.goAway(TimeUnit.SECONDS.toMillis(secs), List.of());
        endsIn(secs + STOP_AFTER_DRAIN_SECS);
        SessionDrain begun = sessions.drain(clock.getAsLong(), Rules.seconds(secs));
        drain = begun;
        sessionLoop.schedule(() -> drainOver(begun), secs, TimeUnit.SECONDS);
        drainStep(begun);
    }

    private void drainStep(SessionDrain begun) {
        if (stopping || closed) {
            return;
        }
        if (begun.step(clock.getAsLong())) {
            drainOver(begun);
        } else {
            sessionLoop.schedule(() -> drainStep(begun), DRAIN_STEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void drainOver(SessionDrain over) {
        if (!stopping && !closed) {
            over.close();
            stopBy(endsAtNanos);
        }
    }

    private void endsIn(long secs) {
        endsAtNanos = clock.getAsLong() + Rules.seconds(secs);
    }

    private void stopInOrder(long limitSecs) {
        stopBy(drain == null ? clock.getAsLong() + Rules.seconds(limitSecs) : endsAtNanos);
    }

    private void stopBy(long limitAtNanos) {
        if (stopping || closed) {
            return;
        }
        stopping = true;
        endsAtNanos = limitAtNanos;
        if (drain != null) {
            drain.close();
        }
        book.lives().forEach(SessionModel::endsInOrder);
        edge.stopHandshakes();
        sessions.stop(() -> uplink.finish(() -> edge.whenNoneOpen(() -> sessionLoop.execute(this::close))));
        sessionLoop.schedule(this::close, limitAtNanos - clock.getAsLong(), TimeUnit.NANOSECONDS);
    }

    private void close() {
        if (!closed) {
            closed = true;
            if (drain != null) {
                drain.close();
            }
            uplink.close();
            sessions.release();
            channels.forEach(channel -> channel.eventLoop().execute(channel::close));
        }
    }

    /** All loops have ended. */
    void ended() {
        edge.close();
        loops.forEach(ManualLoop::end);
    }

    private void shed() {
        edge.shedWithoutSession(sessionLoop, () -> {
            budget.listen();
            sessions.shed();
        });
    }

    private final class UplinkListener implements MasterUplink.Listener {
        @Override
        public void reached() {
            reached = true;
        }

        @Override
        public void gaveUp(String message) {
            gaveUp = true;
            close();
        }
    }

    private final class ToMaster implements Upstream {
        @Override
        public boolean acknowledges() {
            return uplink.acknowledges();
        }

        @Override
        public void frames(ByteBuf buf, int index, int length) {
            junction.frames(buf, index, length);
        }

        @Override
        public void flush() {
            uplink.flush();
        }
    }
}
