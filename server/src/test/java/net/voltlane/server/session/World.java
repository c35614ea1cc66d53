package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.ManualClock;

/**
 * Some clients, a master and the sessions between them, driven at random by one seed. Every link has a loop of its own,
 * which runs when chance has it, so that what the links and the session loop tell each other crosses on its way. After
 * each step on the session loop the model is asked what had to follow.
 */
final class World {
    /** Few, so that chance proposes one twice. */
    private static final int IDS = 1_024;

    private static final long[] MEMORY_LIMITS = {400, 1_500};
    private static final Reason[] ENDS = Reason.values();

    private enum Act {
        CONNECT,
        SEND_UP,
        SEND_DOWN,
        SEND_DOWN_TO_ANY,
        FIREHOSE,
        PUMP_UP,
        PUMP_DOWN,
        TAKE,
        CUT,
        RESUME,
        RESUME_WITH_A_WRONG_PROOF,
        CLAIM,
        KICK,
        TOO_LARGE,
        SOME_TIME,
        LONG_TIME,
        REAP,
        MASTER_BOUND,
        NEW_MASTER_LINK,
        SHED
    }

    final WorldTrace trace;
    final WorldAudit audit = new WorldAudit();
    final WorldEffects effects = new WorldEffects();
    final MemoryBudget budget;
    /** Ids that a client has been told: whoever knows one may come back to it. */
    final List<Long> players = new ArrayList<>();

    final boolean blocks;
    final int capacity;

    private final Random random;
    private final SessionSettings settings;
    private final WorldModel model;
    private final Sessions sessions;
    private final ManualClock clock = new ManualClock();
    private final Metrics metrics = new Metrics();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final int[] weights = new int[Act.values().length];
    private final int steps;

    private final List<WorldLink> links = new ArrayList<>();
    private int linksEver;
    private final Deque<Runnable> firehose = new ArrayDeque<>();
    private final Map<Long, Integer> sentDown = new HashMap<>();
    private final Set<Long> idsEver = new TreeSet<>();
    private boolean masterAtBound;
    private boolean blocked;
    private int timesAllEnded;

    private WorldLink opening;

    World(long seed, int maxSteps, boolean traced) {
        random = new Random(seed);
        trace = new WorldTrace(traced);
        settings = new SessionSettings(
                oneOf(0, 50, 1_000, 1_000_000),
                oneOf(0, 1, 2, 5, 1_000),
                oneOf(0, 1, 2, 5, 1_000),
                oneOf(0, 40, 90, 9_999));
        blocks = random.nextInt(3) == 0;
        capacity = 1 + random.nextInt(6);
        budget = new MemoryBudget(random.nextInt(3) > 0 ? Long.MAX_VALUE : MEMORY_LIMITS[random.nextInt(2)]);
        model = new WorldModel(settings);
        sessions =
                new Sessions(settings, new Master(), allocator, budget, metrics.newCounters(), clock, this::randomId);
        for (int i = 0; i < weights.length; i++) {
            // Each world has a temper of its own: what is rare in one is the rule in another.
            weights[i] = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(10);
        }
        weights[Act.CONNECT.ordinal()] = 1 + random.nextInt(3);
        weights[Act.PUMP_UP.ordinal()] += 10;
        weights[Act.PUMP_DOWN.ordinal()] += 10;
        steps = 20 + random.nextInt(maxSteps);
        trace.note(
                0,
                () -> settings + ", " + (blocks ? "blocks" : "fails") + " over " + capacity + " packets, memory "
                        + budget.limitBytes());
    }

    /** Runs the world to its end. */
    void run() {
        for (int i = 0; i < steps; i++) {
            act();
        }
        switch (random.nextInt(3)) {
            case 0 -> everybodyComesBack();
            case 1 -> everybodyGoesAway();
            default -> {}
        }
        stop();
        if (random.nextBoolean()) {
            for (int i = 0; i < steps / 2; i++) {
                act();
            }
        }
        settle();
        check(0);
    }

    // ---- what may happen ----

    private void act() {
        Act act = chooseAct();
        switch (act) {
            case CONNECT -> newLink(0).asksForANewSession();
            case SEND_UP -> anyLink().sends();
            case SEND_DOWN -> sendDown(anyLink().sessionId);
            case SEND_DOWN_TO_ANY -> sendDown(anyId());
            case FIREHOSE -> pumpFirehose(1 + random.nextInt(3));
            case PUMP_UP -> pump(anyLink().up, 1 + random.nextInt(4));
            case PUMP_DOWN -> pump(anyLink().down, 1 + random.nextInt(4));
            case TAKE -> anyLink().takes(random.nextInt(4), random.nextBoolean());
            case CUT -> anyLink().isCut();
            case RESUME -> newLink(anyPlayer()).looksUp(true);
            case RESUME_WITH_A_WRONG_PROOF -> newLink(anyPlayer()).looksUp(false);
            case CLAIM -> newLink(anyId()).claims(new byte[1]);
            case KICK -> {
                long id = anyId();
                firehose.add(() -> kick(id));
            }
            case TOO_LARGE -> anyLink().sendsTooLargeAFrame();
            case SOME_TIME -> passes(1 + random.nextInt(30));
            case LONG_TIME -> passes(1 + random.nextInt(1_200));
            case REAP -> onSessionLoop(0, "reap", model::reap, sessions::reap);
            case MASTER_BOUND -> {
                masterAtBound = !masterAtBound;
                model.masterAtBound(masterAtBound);
                trace.note(() -> "the master's queue is at its bound: " + masterAtBound);
            }
            case NEW_MASTER_LINK -> announces();
            case SHED -> shed();
        }
    }

    private Act chooseAct() {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int chosen = random.nextInt(sum);
        int act = 0;
        while (chosen >= weights[act]) {
            chosen -= weights[act++];
        }
        return Act.values()[act];
    }

    private WorldLink newLink(long id) {
        WorldLink link = new WorldLink(this, ++linksEver, id);
        links.add(link);
        trace.note(id, () -> link + (id == 0 ? ": a new client" : ": comes back to " + id));
        return link;
    }

    /** A link that something can still happen to. */
    private WorldLink anyLink() {
        while (!links.isEmpty()) {
            int index = random.nextInt(links.size());
            WorldLink link = links.get(index);
            if (!link.isDone()) {
                return link;
            }
            links.set(index, links.get(links.size() - 1));
            links.remove(links.size() - 1);
        }
        WorldLink first = newLink(0);
        first.asksForANewSession();
        return first;
    }

    private long anyPlayer() {
        return players.isEmpty() ? 1 : players.get(random.nextInt(players.size()));
    }

    private long anyId() {
        return random.nextInt(10) == 0 ? random.nextInt(IDS) : anyPlayer();
    }

    private void sendDown(long id) {
        int number = sentDown.merge(id, 1, Integer::sum) - 1;
        WorldPacket packet = new WorldPacket(id, number, random.nextInt(40));
        trace.note(id, () -> "the master sends " + packet + " to " + id);
        firehose.add(() -> data(packet));
    }

    private void pump(Deque<Runnable> lane, int most) {
        for (int i = 0; i < most && !lane.isEmpty(); i++) {
            lane.remove().run();
        }
    }

    private void pumpFirehose(int most) {
        for (int i = 0; i < most && !firehose.isEmpty() && !blocked; i++) {
            firehose.remove().run();
        }
    }

    private long randomId() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> anyPlayer();
            default -> (random.nextLong() << 53) | random.nextInt(IDS); // with bits that must be cut off
        };
    }

    private long oneOf(long... values) {
        return values[random.nextInt(values.length)];
    }

    // ---- the session loop ----

    /** One step: what it is to bring about, and what it does. */
    private void onSessionLoop(long id, String what, Runnable expected, Runnable actual) {
        passes(1); // no two steps at the same time
        expected.run();
        actual.run();
        if (id == 0 && !effects.isEmpty()) {
            trace.note(() -> "session loop: " + what + " -> " + effects);
        } else {
            trace.note(id, () -> "session loop: " + what + (effects.isEmpty() ? "" : " -> " + effects));
        }
        check(id);
    }

    private void check(long id) {
        model.expected.check(effects);
        model.expected.clear();
        effects.clear();
        WorldFailure.unless(sessions.size() == model.size(), id, "sessions: " + sessions.size());
        WorldFailure.unless(sessions.staleSize() == model.staleSize(), id, "stale: " + sessions.staleSize());
        WorldFailure.unless(sessions.staleSize() <= Math.max(0, settings.maxStale()), id, "too many are stale");
        WorldFailure.unless(blocked == model.blocksFirehose(), id, "the firehose is blocked: " + blocked);
        long held = links.stream().mapToLong(WorldLink::heldBytes).sum() + model.keptBytes();
        WorldFailure.unless(budget.heldBytes() == held, id, "charged " + budget.heldBytes() + " for " + held);
    }

    void opens(WorldLink link) {
        opening = link;
        onSessionLoop(
                0,
                link + " opens",
                () -> {
                    if (!model.opens()) {
                        model.expected.add(0, link + " is refused");
                    }
                },
                () -> sessions.open(link, new byte[] {1}));
    }

    void wasOpened(WorldLink link, long id) {
        WorldFailure.unless(link == opening && model.opens(), id, link + " was opened");
        trace.note(id, () -> "session loop: " + link + " opens session " + id);
        audit.opened(id, link);
        idsEver.add(id);
        model.opened(link, id);
    }

    byte[] looksUp(WorldLink link) {
        passes(1);
        byte[] key = sessions.keyOf(link.sessionId);
        boolean expected = model.isResumable(link.sessionId);
        WorldFailure.unless((key != null) == expected, link.sessionId, link + " can resume it: " + (key != null));
        return key;
    }

    void resumes(WorldLink link, byte[] key) {
        boolean proved = key == sessions.keyOf(link.sessionId);
        onSessionLoop(
                link.sessionId,
                link + " resumes " + link.sessionId + (proved ? "" : " without a proof"),
                () -> model.resume(link, link.sessionId, proved),
                () -> sessions.resume(link, link.sessionId, key));
    }

    void spoke(WorldLink link) {
        onSessionLoop(link.sessionId, link + " speaks", () -> model.spoke(link), () -> sessions.spoke(link));
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

    /** As frames, some of them together in one buffer. */
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

    private void data(WorldPacket packet) {
        ByteBuf buf = allocator.heapBuffer().writeZero(4);
        packet.writePayload(buf);
        onSessionLoop(
                packet.session(),
                packet + " for " + packet.session(),
                () -> {
                    if (model.data(packet)) {
                        audit.accepted(packet);
                    }
                },
                () -> sessions.data(packet.session(), buf, 4, packet.payloadBytes()));
        buf.release();
    }

    private void kick(long id) {
        onSessionLoop(id, "kick " + id, () -> model.kick(id), () -> sessions.kick(id));
    }

    private void announces() {
        Set<Long> announced = new TreeSet<>();
        sessions.announce(id -> WorldFailure.unless(announced.add(id), id, "announced twice"));
        trace.note(() -> "a new master link, told of " + announced);
        WorldFailure.unless(announced.containsAll(model.toAnnounce()), 0, "only " + announced + " were announced");
        WorldFailure.unless(model.mayAnnounce().containsAll(announced), 0, announced + " were announced");
    }

    private void shed() {
        if (budget.limitBytes() == Long.MAX_VALUE || !model.canTellWhoHoldsMost()) {
            return;
        }
        long limit = budget.limitBytes();
        long toFree = budget.heldBytes() - (limit - limit / 16);
        onSessionLoop(0, "memory limit, " + toFree + " to free", () -> model.shed(toFree), sessions::shed);
        budget.shed();
    }

    private void passes(long nanos) {
        clock.advance(Duration.ofNanos(nanos));
        model.passes(nanos);
    }

    // ---- the end ----

    /** Everything that is under way arrives; whoever can read reads. */
    private void settle() {
        boolean quiet = false;
        while (!quiet) {
            for (WorldLink link : List.copyOf(links)) {
                pump(link.up, Integer.MAX_VALUE);
                pump(link.down, Integer.MAX_VALUE);
                link.takes(Integer.MAX_VALUE, false);
            }
            pumpFirehose(Integer.MAX_VALUE);
            quiet = firehose.isEmpty() && links.stream().allMatch(WorldLink::isQuiet);
        }
    }

    private void everybodyComesBack() {
        settle();
        players.forEach(id -> newLink(id).looksUp(true));
        settle();
        for (long id : players) {
            boolean live = links.stream().anyMatch(link -> link.isLive() && link.sessionId == id);
            WorldFailure.unless(live == model.isResumable(id), id, "is somebody there? " + live);
            if (live) {
                audit.quiet(id);
            }
        }
    }

    private void everybodyGoesAway() {
        settle();
        links.forEach(WorldLink::isCut);
        settle();
        passes(settings.staleTimeoutNanos());
        onSessionLoop(0, "reap", model::reap, sessions::reap);
        WorldFailure.unless(sessions.size() == 0, 0, "somebody is still there");
    }

    private void stop() {
        onSessionLoop(
                0,
                "stop",
                model::stop,
                () -> sessions.stop(() -> {
                    timesAllEnded++;
                    WorldFailure.unless(sessions.size() == 0, 0, "not all have ended");
                }));
    }

    /** Everything has come to its end. */
    void checkEnd() {
        audit.allEnded();
        WorldFailure.unless(timesAllEnded == 1, 0, "the end of all was told " + timesAllEnded + " times");
        WorldFailure.unless(sessions.size() == 0, 0, "somebody is still there");
        WorldFailure.unless(budget.heldBytes() == 0, 0, "still charged: " + budget.heldBytes());
        for (Reason reason : ENDS) {
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
        @Override
        public void failure(long id, Reason reason) {
            audit.failure(id, reason);
            effects.add(id, "Failure " + reason.text());
        }

        @Override
        public void reconnection(long id) {
            audit.reconnection(id);
            effects.add(id, "Reconnection");
        }

        @Override
        public boolean isAtBound() {
            return masterAtBound;
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
