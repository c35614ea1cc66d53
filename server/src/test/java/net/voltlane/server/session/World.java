package net.voltlane.server.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.address.Cidr;

/**
 * Some clients, a master and the sessions between them, driven at random by one seed. Every link has a loop of its own,
 * which runs when chance has it, so that what the links and the session loop tell each other crosses on its way.
 */
final class World {
    /** Number of different ids: so few that the same one is proposed twice now and then. */
    private static final int IDS = 1_024;

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
        MASTER_TAKES,
        NEW_MASTER_LINK,
        SHED
    }

    final WorldTrace trace;
    final WorldAudit audit = new WorldAudit();
    final WorldSessionLoop loop;
    /** Ids that a client has been told, and may come back to. */
    final List<Long> players = new ArrayList<>();

    final boolean blocks;
    final int capacity;

    private final Random random;
    private final int[] weights = new int[Act.values().length];
    private final boolean packetsDiffer;
    private final int steps;

    private final List<WorldLink> links = new ArrayList<>();
    private int linksEver;
    private final Deque<Runnable> firehose = new ArrayDeque<>();
    private final Map<Long, Integer> sentDown = new HashMap<>();

    World(long seed, int maxSteps, boolean traced) {
        random = new Random(seed);
        trace = new WorldTrace(traced);
        SessionSettings settings = new SessionSettings(
                oneOf(0, 50, 1_000, 1_000_000),
                oneOf(0, 1, 2, 5, 1_000),
                oneOf(0, 0, 1, 3),
                new QueueBounds(oneOf(0, 1, 2, 5, 1_000), oneOf(0, 80, 240, 99_999)));
        long memoryLimitBytes = oneOf(300, 1_500, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
        blocks = random.nextInt(3) == 0;
        capacity = 1 + random.nextInt(6);
        packetsDiffer = random.nextBoolean();
        loop = new WorldSessionLoop(this, random, settings, memoryLimitBytes, this::randomId);
        chooseTemper();
        steps = 20 + random.nextInt(maxSteps);
        trace.note(() -> settings + ", " + (blocks ? "blocks" : "fails") + " over " + capacity + " packets, memory "
                + memoryLimitBytes);
    }

    /** Draws the frequencies of events: an event that is rare in one world is the rule in another. */
    private void chooseTemper() {
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(10);
        }
        weights[Act.CONNECT.ordinal()] = 1 + random.nextInt(3);
        weights[Act.PUMP_UP.ordinal()] += 10;
        weights[Act.PUMP_DOWN.ordinal()] += 10;
        if (loop.isMemoryBounded()) {
            weights[Act.SEND_DOWN.ordinal()] += 10;
            weights[Act.FIREHOSE.ordinal()] += 10;
            weights[Act.SHED.ordinal()] += 5;
        }
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
        loop.stop();
        if (random.nextBoolean()) {
            for (int i = 0; i < steps / 2; i++) {
                act();
            }
        }
        settle();
        loop.checkEnd();
    }

    List<WorldLink> links() {
        return links;
    }

    private void act() {
        switch (chooseAct()) {
            case CONNECT -> newLink(0).asksForANewSession();
            case SEND_UP -> anyLink().sends();
            case SEND_DOWN -> sendDown(anyLink().sessionId);
            case SEND_DOWN_TO_ANY -> sendDown(anyId());
            case FIREHOSE -> pumpFirehose(1 + random.nextInt(3));
            case PUMP_UP -> pump(anyLink().up, 1 + random.nextInt(4));
            case PUMP_DOWN -> pump(anyLink().down, 1 + random.nextInt(4));
            case TAKE -> anyLink().takes(random.nextInt(4));
            case CUT -> anyLink().isCut();
            case RESUME -> newLink(anyPlayer()).looksUp(true);
            case RESUME_WITH_A_WRONG_PROOF -> newLink(anyPlayer()).looksUp(false);
            case CLAIM -> newLink(anyId()).claimsUnproved();
            case KICK -> {
                long id = anyId();
                firehose.add(() -> loop.kick(id));
            }
            case TOO_LARGE -> anyLink().sendsTooLargeAFrame();
            case SOME_TIME -> loop.passes(1 + random.nextInt(30));
            case LONG_TIME -> loop.passes(1 + random.nextInt(1_200));
            case REAP -> loop.reap();
            case MASTER_BOUND -> loop.masterIsAtBoundOrNoMore();
            case MASTER_TAKES -> loop.uplink.takes(1 + random.nextInt(8));
            case NEW_MASTER_LINK -> loop.announces();
            case SHED -> loop.shed();
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
        WorldLink link = new WorldLink(this, ++linksEver, anyAddress(), id);
        links.add(link);
        trace.note(id, () -> link + (id == 0 ? ": a new client" : ": comes back to " + id));
        return link;
    }

    /** Draws an address; one of them has many more clients than the others. */
    private Cidr anyAddress() {
        return Stage.address("192.0.2." + (random.nextBoolean() ? 1 : 1 + random.nextInt(4)));
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

    private long randomId() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> anyPlayer();
            default -> (random.nextLong() << 53) | random.nextInt(IDS); // with bits that must be cut off
        };
    }

    private void sendDown(long id) {
        int number = sentDown.merge(id, 1, Integer::sum) - 1;
        // Frames of 20 bytes meet a byte bound exactly; others tell who holds most.
        WorldPacket packet = new WorldPacket(id, number, packetsDiffer ? random.nextInt(120) : 4);
        trace.note(id, () -> "the master sends " + packet + " to " + id);
        firehose.add(() -> loop.data(packet));
    }

    private void pump(Deque<Runnable> queue, int most) {
        for (int i = 0; i < most && !queue.isEmpty(); i++) {
            queue.remove().run();
        }
    }

    private void pumpFirehose(int most) {
        for (int i = 0; i < most && !firehose.isEmpty() && !loop.isFirehoseBlocked(); i++) {
            firehose.remove().run();
        }
    }

    private long oneOf(long... values) {
        return values[random.nextInt(values.length)];
    }

    // ---- the end ----

    /** Everything that is under way arrives, and every client that can read reads. */
    private void settle() {
        boolean quiet = false;
        while (!quiet) {
            for (WorldLink link : List.copyOf(links)) {
                pump(link.up, Integer.MAX_VALUE);
                pump(link.down, Integer.MAX_VALUE);
                link.takes(Integer.MAX_VALUE);
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
            WorldFailure.unless(live == loop.isResumable(id), id, "is somebody there? " + live);
            if (live) {
                audit.deliveredAll(id);
            }
        }
    }

    private void everybodyGoesAway() {
        settle();
        links.forEach(WorldLink::isCut);
        settle();
        loop.allAreOverdue();
    }
}
