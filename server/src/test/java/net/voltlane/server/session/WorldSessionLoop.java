package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.ManualClock;

/**
 * The session loop of a world: the sessions, the model beside them, and the master's side behind them. Each method is
 * one step: the model says what has to follow, the sessions act, and the two are compared.
 */
final class WorldSessionLoop {
    final MemoryBudget budget;
    private final World world;
    private final WorldTrace trace;
    private final WorldAudit audit;
    private final Random random;
    private final SessionSettings settings;
    private final WorldModel model;
    private final Sessions sessions;
    private final ManualClock clock;
    private final Metrics metrics = new Metrics();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    final WorldUplink uplink = new WorldUplink();
    /** Effects of the present step. */
    final WorldEffects effects = new WorldEffects();

    /** The keys that clients opened their sessions with. */
    private final Map<Long, byte[]> keys = new HashMap<>();

    private boolean masterAtBound;
    private boolean blocked;
    private int timesAllEnded;
    private WorldLink opening;

    WorldSessionLoop(
            World world, Random random, SessionSettings settings, long memoryLimitBytes, LongSupplier randomIds) {
        this.world = world;
        this.random = random;
        this.settings = settings;
        trace = world.trace;
        audit = world.audit;
        budget = new MemoryBudget(memoryLimitBytes);
        clock = new ManualClock(Long.MAX_VALUE - random.nextInt(2_000)); // its reading wraps on the way
        model = new WorldModel(settings);
        sessions = new Sessions(
                settings,
                new SessionEnvironment(() -> true, new Master(), allocator, budget, metrics.newCounters(), clock),
                randomIds);
    }

    boolean isFirehoseBlocked() {
        return blocked;
    }

    boolean isMemoryBounded() {
        return budget.limitBytes() < Long.MAX_VALUE;
    }

    boolean isResumable(long id) {
        return model.isResumable(id);
    }

    /** Does one step: the effects that it has to have, and the call that has them. */
    private void onSessionLoop(long id, String what, Runnable expected, Runnable actual) {
        passes(1); // no two steps at the same time
        expected.run();
        try {
            actual.run();
        } finally {
            if (id == 0 && !effects.isEmpty()) {
                trace.note(() -> "session loop: " + what + " -> " + effects);
            } else {
                trace.note(id, () -> "session loop: " + what + (effects.isEmpty() ? "" : " -> " + effects));
            }
        }
        check(id);
    }

    void opens(WorldLink link) {
        opening = link;
        byte[] key = {1};
        onSessionLoop(
                0,
                link + " opens",
                () -> {
                    if (!model.opens()) {
                        model.expected.add(0, link + " is refused");
                    }
                },
                () -> sessions.open(link, key));
        if (link.sessionId != 0) {
            keys.put(link.sessionId, key);
        }
    }

    void wasOpened(WorldLink link, long id) {
        WorldFailure.unless(link == opening && model.opens(), id, link + " was opened");
        trace.note(id, () -> "session loop: " + link + " opens session " + id);
        audit.opened(id, link);
        model.opened(link, id);
    }

    ResumeToken looksUp(WorldLink link) {
        passes(1);
        ResumeToken token = SessionDoors.find(sessions, link.sessionId);
        byte[] key = token == null ? null : token.clientKey();
        byte[] expected = model.isResumable(link.sessionId) ? keys.get(link.sessionId) : null;
        WorldFailure.unless(key == expected, link.sessionId, link + " can resume it: " + (key != null));
        return token;
    }

    void resumes(WorldLink link, ResumeToken token) {
        boolean proved = token.clientKey() == keys.get(link.sessionId);
        onSessionLoop(
                link.sessionId,
                link + " resumes " + link.sessionId + (proved ? "" : " without a proof"),
                () -> model.resume(link, link.sessionId, proved),
                () -> sessions.resume(link, token));
    }

    void firstPacket(WorldLink link) {
        onSessionLoop(link.sessionId, link + " speaks", () -> model.spoke(link), () -> sessions.firstPacket(link));
    }

    void upstream(WorldLink link, int number) {
        audit.upstream(link.sessionId, link, number);
        uplink.data(link.sessionId);
    }

    void lost(WorldLink link) {
        onSessionLoop(link.sessionId, link + " is lost", () -> model.lost(link), () -> sessions.lost(link));
    }

    void violated(WorldLink link, Reason reason) {
        onSessionLoop(
                link.sessionId,
                link + ": " + reason.text(),
                () -> model.violated(link, reason),
                () -> sessions.violated(link, reason));
    }

    void blocked(WorldLink link, boolean nowBlocked) {
        onSessionLoop(
                link.sessionId,
                link + (nowBlocked ? " blocks" : " unblocks"),
                () -> model.blocked(link, nowBlocked),
                () -> {
                    if (nowBlocked) {
                        sessions.blocked(link);
                    } else {
                        sessions.unblocked(link);
                    }
                });
    }

    void detached(WorldLink link, List<WorldPacket> leftovers) {
        audit.detached(link);
        onSessionLoop(
                link.sessionId,
                link + " gives back " + leftovers,
                () -> model.detached(link, leftovers),
                () -> sessions.detached(link, buffers(leftovers)));
    }

    /** The packets as frames, some of them together in one buffer. */
    private List<ByteBuf> buffers(List<WorldPacket> packets) {
        List<ByteBuf> buffers = new ArrayList<>();
        ByteBuf last = null;
        for (WorldPacket packet : packets) {
            if (last == null || random.nextBoolean()) {
                last = allocator.heapBuffer();
                buffers.add(last);
            }
            packet.writeFrame(last);
        }
        return buffers;
    }

    void data(WorldPacket packet) {
        ByteBuf buf = allocator.heapBuffer().writeZero(Tag.BYTES);
        packet.writePayload(buf);
        onSessionLoop(
                packet.session(),
                packet + " for " + packet.session(),
                () -> {
                    if (model.data(packet)) {
                        audit.accepted(packet);
                    }
                },
                () -> sessions.data(packet.session(), buf, Tag.BYTES, packet.payloadBytes()));
        buf.release();
    }

    void kick(long id) {
        onSessionLoop(id, "kick " + id, () -> model.kick(id), () -> sessions.kick(id));
    }

    void announces() {
        Set<Long> announced = new TreeSet<>();
        sessions.announce(uplink.sentBytes(), id -> WorldFailure.unless(announced.add(id), id, "announced twice"));
        trace.note(() -> "a new master link, told of " + announced);
        WorldFailure.unless(
                announced.containsAll(model.toAnnounce(uplink.told())), 0, "only " + announced + " were announced");
        WorldFailure.unless(model.mayAnnounce(uplink.told()).containsAll(announced), 0, announced + " were announced");
    }

    void shed() {
        if (!isMemoryBounded() || !model.canTellWhoHoldsMost()) {
            return;
        }
        long limit = budget.limitBytes();
        long toFree = budget.isExceeded() ? budget.chargedBytes() - (limit - limit / 16) : 0;
        onSessionLoop(0, "memory limit, " + toFree + " to free", () -> model.shed(toFree), sessions::shed);
        budget.listen();
    }

    void reap() {
        onSessionLoop(0, "reap", model::reap, sessions::reap);
    }

    /** Time goes on until every stale session is overdue; there is no other. */
    void allAreOverdue() {
        passes(settings.staleTimeoutNanos());
        reap();
        WorldFailure.unless(sessions.size() == 0, 0, "somebody is still there");
    }

    void stop() {
        onSessionLoop(
                0,
                "stop",
                model::stop,
                () -> sessions.stop(() -> {
                    timesAllEnded++;
                    WorldFailure.unless(sessions.size() == 0, 0, "not all have ended");
                }));
    }

    void masterIsAtBoundOrNoMore() {
        masterAtBound = !masterAtBound;
        model.masterAtBound(masterAtBound);
        trace.note(() -> "the master's queue is at its bound: " + masterAtBound);
    }

    void passes(long nanos) {
        clock.advance(Duration.ofNanos(nanos));
        model.passes(nanos);
    }

    /** Fails if the sessions and the model differ. */
    private void check(long id) {
        model.expected.check(effects);
        model.expected.clear();
        effects.clear();
        WorldFailure.unless(sessions.size() == model.size(), id, "sessions: " + sessions.size());
        WorldFailure.unless(sessions.staleSize() == model.staleSize(), id, "stale: " + sessions.staleSize());
        WorldFailure.unless(sessions.staleSize() <= settings.maxStale(), id, "too many are stale");
        WorldFailure.unless(blocked == model.blocksFirehose(), id, "the firehose is blocked: " + blocked);
        long held = world.links().stream().mapToLong(WorldLink::heldBytes).sum() + model.keptBytes();
        WorldFailure.unless(budget.heldBytes() == held, id, "charged " + budget.heldBytes() + " for " + held);
    }

    /** Everything has come to its end. */
    void checkEnd() {
        check(0);
        audit.allEnded();
        uplink.checkEnd();
        WorldFailure.unless(timesAllEnded == 1, 0, "the end of all was told " + timesAllEnded + " times");
        WorldFailure.unless(sessions.size() == 0, 0, "somebody is still there");
        WorldFailure.unless(budget.heldBytes() == 0, 0, "still charged: " + budget.heldBytes());
        for (Reason reason : Reason.values()) {
            if (reason != Reason.CLIENT_NOT_FOUND) {
                long counted = metrics.sum(Metric.ended(reason));
                WorldFailure.unless(counted == model.ended(reason), 0, reason.text() + " was counted " + counted);
            }
        }
        long dropped = metrics.sum(Metric.NOT_FOUND_DROPPED);
        WorldFailure.unless(dropped == model.unanswered(), 0, "left out: " + dropped);
        long leaked = allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
        WorldFailure.unless(leaked == 0, 0, "leaked: " + leaked + " bytes");
    }

    /** The master's side, on the session loop. */
    private final class Master implements MasterPort {
        private final LifeOrder order = new LifeOrder();

        @Override
        public void opened(Subject session) {
            order.opened(session);
        }

        @Override
        public long firstPacket(Subject session) {
            order.firstPacket(session);
            return uplink.position();
        }

        @Override
        public void suspended(Subject session, String cause) {
            order.suspended(session);
        }

        @Override
        public void resumed(Subject session, boolean isTakeover) {
            order.resumed(session);
            if (isKnown(session)) {
                audit.reconnection(session.id());
                uplink.reconnection(session.id());
                effects.add(session.id(), "Reconnection");
            }
        }

        @Override
        public void ended(Subject session, Reason reason, byte[] text) {
            order.ended(session);
            if (isKnown(session)) {
                uplink.failure(session.id());
                failure(session.id(), reason);
            }
        }

        @Override
        public void dataFollows(Subject session) {
            order.dataFollows(session);
        }

        @Override
        public void delivered(Subject session) {}

        @Override
        public void taken(Subject session, long packets) {}

        @Override
        public void slow(Subject session, long keptBytes) {}

        @Override
        public void ready(Subject session, long keptBytes) {}

        @Override
        public boolean wantsDelivered() {
            return false;
        }

        @Override
        public boolean acknowledges() {
            return false;
        }

        @Override
        public boolean notFound(long id) {
            if (!masterAtBound) {
                failure(id, Reason.CLIENT_NOT_FOUND);
            }
            return !masterAtBound;
        }

        private void failure(long id, Reason reason) {
            audit.failure(id, reason);
            effects.add(id, "Failure " + reason.text());
        }

        private boolean isKnown(Subject session) {
            boolean known = uplink.hasQueued(session.id());
            WorldFailure.unless(session.isKnownToMaster() == known, session.id(), "said to be known: " + !known);
            return known;
        }

        @Override
        public void block() {
            WorldFailure.unless(!blocked, 0, "blocked twice");
            blocked = true;
        }

        @Override
        public void unblock() {
            WorldFailure.unless(blocked, 0, "unblocked without a block");
            blocked = false;
        }
    }
}
