package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.CloseCode;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.ClientKeys;
import net.voltlane.testkit.version3.CountedClient;
import net.voltlane.testkit.version3.CountedClientLink;
import org.jspecify.annotations.Nullable;

/**
 * A client of version 3 in a {@link SplitWorld}. It goes to any server, loses its links in every way, and comes back until
 * it is told that its session is over; then it begins another.
 */
final class SplitClient {
    private static final int ALL = Integer.MAX_VALUE;
    private static final int NONCE_BYTES = 32;
    private static final int HEARTBEAT_SECS = 5;
    private static final long PING_NANOS = Rules.seconds(3);
    private static final long SILENCE_NANOS = Rules.seconds(2 * HEARTBEAT_SECS);
    private static final ClientKeys[] KEYS = {new ClientKeys(), new ClientKeys(), new ClientKeys()};

    /** A session, as the client knows it. */
    static final class Life implements CountedClient.Watch {
        final SplitClient owner;
        final CountedClient counts;
        final List<String> sent = new ArrayList<>();
        final List<String> received = new ArrayList<>();
        /** The code of the Close that ended it; 0 while it is not over. */
        int over;
        /** The time at which a server last had it, and it waited neither for its client nor for the backend. */
        long servedNanos;
        /** The store has had its record. */
        boolean wasRecorded;
        /** The store had had its record by the time at which its client last asked for it. */
        boolean wasRecordedWhenAsked;
        /** The store had its record when its client last asked for it. */
        boolean wasThereWhenAsked;
        /** The time at which the store last had its record. */
        long recordedNanos;
        /** The reason for which it may be gone; null if there is none. */
        @Nullable
        String excuse;

        Life(SplitClient owner) {
            this.owner = owner;
            counts = new CountedClient(owner.name, KEYS[owner.number % KEYS.length], this);
            counts.losesServers();
        }

        long id() {
            return counts.id();
        }

        void sends() {
            String text = "up " + (sent.size() + 1) + " of " + id();
            sent.add(text);
            counts.send(Bytes.utf8(text));
        }

        @Override
        public void received(long number, byte[] payload) {
            received.add(Bytes.text(payload));
            owner.world.received(this);
        }

        @Override
        public void opened(long id) {
            owner.world.opened(this);
        }

        @Override
        public void acknowledged(long number) {
            owner.world.acknowledged(this, number);
        }

        @Override
        public void resumed(long accepted) {
            owner.world.resumed(this, accepted);
        }

        @Override
        public void closed(CountedClientLink link, int code, long retryAfterMillis, String text) {
            owner.world.note(
                    id(),
                    owner.name + ": Close " + code + " at " + (owner.link == null ? "?" : owner.link.server.slot));
            owner.closed(code, retryAfterMillis);
        }
    }

    final String name;
    private final SplitWorld world;
    private final int number;
    private @Nullable Life life;
    private @Nullable SplitLink link;
    private final List<SplitLink> links = new ArrayList<>();
    private long heardNanos;
    private long pingedNanos;
    /** The time before which it does not come again, unless chance has it. */
    private long againNanos;

    SplitClient(SplitWorld world, int number) {
        this.world = world;
        this.number = number;
        name = "client " + number;
        againNanos = world.now();
    }

    /** Its session; null if it has none. */
    @Nullable
    Life life() {
        return life;
    }

    boolean isLive() {
        return life != null && link != null && !link.hasEnded() && life.counts.isLive();
    }

    // ---- what it does

    void acts(Dice dice) {
        if (link == null) {
            comesTo(dice.oneOf(world.servers()));
            return;
        }
        switch (dice.weighted(12, 10, 6, 2, 2)) {
            case 0 -> sendsSome(dice);
            case 1 -> moves(dice, 8);
            case 2 -> acknowledges();
            case 3 -> comesTo(dice.oneOf(world.servers()));
            default -> leavesLink();
        }
    }

    private void sendsSome(Dice dice) {
        if (life != null && life.id() != 0) {
            for (int n = dice.between(1, 4); n > 0; n--) {
                life.sends();
            }
        }
    }

    void acknowledges() {
        if (isLive() && life != null) {
            life.counts.acknowledge();
        }
    }

    /** Some of what is under way on some of its links arrives. */
    void moves(Dice dice, int most) {
        for (SplitLink each : links()) {
            if (dice.oneIn(3)) {
                each.moveToServer(dice.oneIn(2) ? ALL : 1 + dice.below(most));
            }
            if (dice.oneIn(3)) {
                each.moveToPeer(dice.oneIn(2) ? ALL : 1 + dice.below(most));
            }
        }
    }

    /** All that can arrive does. */
    void movesAll() {
        for (SplitLink each : links()) {
            each.moveToServer(ALL);
            each.moveToPeer(ALL);
        }
    }

    List<SplitLink> links() {
        links.removeIf(SplitLink::isOver);
        return List.copyOf(links);
    }

    /** It gives up its link, of which the server hears later, or never. */
    void leavesLink() {
        if (link != null) {
            link.ends();
            link = null;
        }
    }

    /** It connects to a server, to resume its session, or for a new one. */
    void comesTo(SplitServer server) {
        leavesLink();
        if (!server.isListening() || world.network.isCutBetween(name, server.slot)) {
            return; // no connection
        }
        SplitLink[] next = new SplitLink[1];
        SplitLink connected = server.accept(name, payload -> frame(next[0], payload), () -> isLost(next[0]));
        next[0] = connected;
        links.add(connected);
        link = connected;
        heardNanos = world.now();
        pingedNanos = world.now();
        if (life == null || life.id() == 0) {
            Life begun = new Life(this);
            life = begun;
            world.note(0, name + ": to " + server.slot + " for a new session");
            begun.counts.open(connected::write, new byte[0], HEARTBEAT_SECS);
        } else {
            world.note(
                    life.id(),
                    name + ": to " + server.slot + " for " + life.id() + ", has " + life.counts.received() + ", keeps "
                            + (life.counts.acknowledged() + 1));
            life.wasRecordedWhenAsked = life.wasRecorded;
            life.wasThereWhenAsked = world.hasRecord(life.id());
            life.counts.resume(connected::write, world.dice.bytes(NONCE_BYTES));
        }
    }

    /** Its session ends in order. */
    void leaves() {
        if (life != null) {
            life.counts.leave();
        }
    }

    // ---- what it hears

    private void frame(SplitLink on, byte[] payload) {
        if (on == link && life != null && life.counts.link() != null) {
            heardNanos = world.now();
            life.counts.link().frame(payload);
        }
    }

    private void isLost(SplitLink on) {
        if (on == link) {
            link = null;
        }
    }

    private void closed(int code, long retryAfterMillis) {
        againNanos = world.now() + TimeUnit.MILLISECONDS.toNanos(retryAfterMillis);
        Life its = life;
        SplitServer by = link == null ? null : link.server;
        leavesLink();
        if (its == null || its.id() == 0 || by == null) {
            return; // it has got no session
        }
        if (code == CloseCode.BUSY.code() || code == CloseCode.TAKEN_OVER.code() || code == CloseCode.SILENT.code()) {
            return; // it comes again
        }
        its.over = code;
        life = null;
        world.isTold(its, by, code);
    }

    /** Time has passed. */
    void ticks() {
        if (link == null) {
            return;
        }
        if (world.now() - heardNanos >= SILENCE_NANOS) {
            leavesLink();
        } else if (life != null && isLive() && world.now() - pingedNanos >= PING_NANOS) {
            pingedNanos = world.now();
            life.counts.ping(new byte[0]);
        }
    }

    /** All is well again: it comes back, if it is not there, and takes all that there is. */
    void heals(Dice dice) {
        if (link == null && world.now() - againNanos >= 0) {
            comesTo(dice.oneOf(world.servers()));
        }
        acknowledges();
        WorldFailure.unless(links.size() < 1_000, 0, name + " has too many links");
    }
}
