package net.voltlane.server;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.edge.ProofExecutor;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.KeptMemory;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.metrics.PublishedValue;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.uplink.MasterUplink;

/**
 * The gauges of a running server. Figures that any thread may read are read when they are asked for. Figures that belong
 * to the session loop are published by it several times a second, so that packets cost no more for them.
 */
final class ServerGauges {
    private static final long PUBLISH_MILLIS = 100;

    /** The parts of the server that know the figures. */
    record Parts(
            Sessions sessions,
            MasterUplink uplink,
            ClientEdge edge,
            Guard guard,
            ProofExecutor proofs,
            PooledByteBufAllocator buffers,
            MemoryBudget budget,
            KeptMemory kept,
            Gate gate,
            FirehoseFlow flow,
            ServedTime time) {}

    private final Parts parts;
    private final PublishedValue liveSessions = new PublishedValue();
    private final PublishedValue staleSessions = new PublishedValue();
    private final PublishedValue storeUp = new PublishedValue();
    private final PublishedValue unrecordedSessions = new PublishedValue();
    private final PublishedValue queuePackets = new PublishedValue();
    private final PublishedValue queueBytes = new PublishedValue();
    private final PublishedValue queuePacketsLimit = new PublishedValue();
    private final PublishedValue queueBytesLimit = new PublishedValue();
    private final PublishedValue masterUp = new PublishedValue();
    private final PublishedValue firehosePaused = new PublishedValue();

    ServerGauges(Parts parts) {
        this.parts = parts;
    }

    /** Registers the gauges of the server's state. */
    void registerState(Metrics metrics, Supplier<ServerState> state) {
        metrics.register(Gauge.READY, () -> yesOrNo(state.get() == ServerState.LISTENING) * masterUp.getAsLong());
        metrics.register(Gauge.DRAINING, () -> yesOrNo(state.get().isEnding()));
    }

    /** Registers every other gauge but the limits that the server itself knows. */
    void register(Metrics metrics) {
        metrics.register(Gauge.SESSIONS_LIVE, liveSessions);
        metrics.register(Gauge.SESSIONS_STALE, staleSessions);
        metrics.register(Gauge.CLIENTS_SLOW, parts.edge::slowClients);
        metrics.register(Gauge.CONNECTIONS, parts.edge::openConnections);
        metrics.register(Gauge.HANDSHAKES, parts.guard::handshakes);
        metrics.register(Gauge.HELD_BYTES, parts.budget::heldBytes);
        metrics.register(Gauge.KEPT_BYTES, () -> parts.kept.bytes() + parts.edge.keptBytes());
        metrics.register(Gauge.HELD_BYTES_LIMIT, parts.budget::limitBytes);
        metrics.register(Gauge.MASTER_UP, masterUp);
        metrics.register(Gauge.MASTER_QUEUE_PACKETS, queuePackets);
        metrics.register(Gauge.MASTER_QUEUE_PACKETS_LIMIT, queuePacketsLimit);
        metrics.register(Gauge.MASTER_QUEUE_BYTES, queueBytes);
        metrics.register(Gauge.MASTER_QUEUE_BYTES_LIMIT, queueBytesLimit);
        metrics.register(Gauge.CLIENTS_HELD, () -> yesOrNo(parts.gate.isShut()));
        metrics.register(Gauge.FIREHOSE_PAUSED, firehosePaused);
        metrics.register(Gauge.LOOP_QUEUE_BYTES, parts.flow::bytesUnderWay);
        metrics.register(Gauge.LOOP_QUEUE_BYTES_LIMIT, parts.flow::boundBytes);
        metrics.register(Gauge.LOOP_LAG, parts.time::lagNanos);
        registerResources(metrics);
    }

    /** Registers the gauges of the store of records. Only where there is one. */
    void registerStore(Metrics metrics) {
        metrics.register(Gauge.STORE_UP, storeUp);
        metrics.register(Gauge.SESSIONS_UNRECORDED, unrecordedSessions);
    }

    private void registerResources(Metrics metrics) {
        metrics.register(Gauge.PROOF_QUEUE_KEYS, parts.proofs::waitingKeys);
        metrics.register(Gauge.PROOF_QUEUE_CHALLENGES, parts.proofs::waitingChallenges);
        metrics.register(Gauge.PROOF_QUEUE_LIMIT, () -> ProofExecutor.QUEUED);
        metrics.register(Gauge.BUFFERS_RESERVED, () -> parts.buffers.metric().usedDirectMemory());
        metrics.register(Gauge.BUFFERS_USED, parts.buffers::pinnedDirectMemory);
    }

    /** Begins to publish the figures of the session loop. */
    void start(EventLoop sessionLoop) {
        sessionLoop.scheduleWithFixedDelay(this::publish, 0, PUBLISH_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void publish() {
        long stale = parts.sessions.staleSize();
        staleSessions.publish(stale);
        liveSessions.publish(parts.sessions.size() - stale);
        storeUp.publish(yesOrNo(parts.sessions.isStoreUp()));
        unrecordedSessions.publish(parts.sessions.unrecordedSize());
        queuePackets.publish(parts.uplink.waitingPackets());
        queueBytes.publish(parts.uplink.waitingBytes());
        queuePacketsLimit.publish(parts.uplink.settings().queuePackets());
        queueBytesLimit.publish(parts.uplink.settings().queueBytes());
        masterUp.publish(yesOrNo(parts.uplink.isUp()));
        firehosePaused.publish(yesOrNo(parts.flow.isPaused()));
    }

    private static long yesOrNo(boolean yes) {
        return yes ? 1 : 0;
    }
}
