package net.voltlane.server.simulation;

import java.util.List;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.ClientKeys;
import net.voltlane.testkit.version3.CountedClient;
import net.voltlane.testkit.version3.CountedClientLink;
import org.jspecify.annotations.Nullable;

/**
 * A client of version 3. It sends and acknowledges in any order, loses its links in every way, and comes back. A lazy
 * one acknowledges nothing, a silent one sends no Pings, and a liar claims now and then to have had what it has not.
 */
final class Client3 implements HonestClient {
    private static final int PAIRS = 8;
    private static final ClientKeys[] KEYS = new ClientKeys[PAIRS];
    private static final int NONCE_BYTES = 32;
    private static final int ALL = Integer.MAX_VALUE;

    static {
        for (int i = 0; i < PAIRS; i++) {
            KEYS[i] = new ClientKeys();
        }
    }

    private final World world;
    private final int number;
    private final boolean greedy;
    private final boolean lazy;
    private final boolean silent;
    private final boolean liar;
    private boolean healed;

    private @Nullable Session3 session;
    private @Nullable Link3 link;
    private long wroteAtNanos;
    private long wroteBytes;
    private @Nullable Link3 ticked;

    Client3(World world, int number) {
        this.world = world;
        this.number = number;
        greedy = world.dice.oneIn(4);
        lazy = world.dice.oneIn(10);
        silent = world.dice.oneIn(6);
        liar = world.dice.oneIn(12);
    }

    ClientKeys keys() {
        return KEYS[number % PAIRS];
    }

    /** Its resumes need not be true. */
    boolean isLiar() {
        return liar;
    }

    /** It does what is to be refused, or acknowledges nothing: its session may end for that. */
    boolean isWellBehaved() {
        return !liar && !lazy && !greedy;
    }

    // ---- what it does

    @Override
    public void act(Dice dice) {
        Link3 newest = link;
        if (session == null || session.isOver() || newest == null || isGone(newest)) {
            come(dice);
        } else if (newest.isLive()) {
            live(session, newest, dice);
        } else if (newest.hasUnderWay()) {
            newest.reads(dice.between(1, 5));
        } else if (dice.oneIn(30)) {
            end(newest, dice); // and a new attempt
        } else {
            newest.link.moveSome(dice);
        }
    }

    private static boolean isGone(Link3 link) {
        boolean cut = link.link.isCut() || link.link.isVanished();
        return cut || (link.link.isClosed() || link.link.isShut()) && !link.hasUnderWay();
    }

    private void live(Session3 life, Link3 newest, Dice dice) {
        switch (dice.weighted(12, 14, 8, 3, 2, 2, 2, 2, 2, greedy ? 1 : 0, greedy ? 3 : 0)) {
            case 0 -> sendSome(life, dice);
            case 1 -> newest.reads(dice.oneIn(3) ? ALL : dice.between(1, 4));
            case 2 -> acknowledge(life);
            case 3 -> ping(life, dice.bytes(dice.below(17)));
            case 4 -> come(dice); // a takeover of its own live session
            case 5, 6, 7 -> leaveBehind(newest, dice);
            case 8 -> {
                if (dice.oneIn(8)) {
                    world.trace.note(life.id(), () -> newest + " leaves");
                    life.client.leave();
                } else {
                    newest.link.stall(dice.below(100));
                }
            }
            case 9 -> abuse(newest, dice);
            default -> newest.link.stall(dice.below(100));
        }
    }

    private void sendSome(Session3 life, Dice dice) {
        for (int n = dice.between(1, dice.oneIn(8) ? 30 : 4); n > 0; n--) {
            int most = world.rules.edge().maxFrameBytes();
            boolean empty = life.sentUp() > 0 && dice.oneIn(10);
            int length = empty ? 0 : dice.oneIn(6) ? dice.between(8, most) : dice.between(8, 24);
            life.send(dice.bytes(length));
        }
    }

    private void acknowledge(Session3 life) {
        if (!lazy || healed) {
            life.client.acknowledge();
        }
    }

    private void ping(Session3 life, byte[] bytes) {
        life.client.ping(bytes);
    }

    private void abuse(Link3 newest, Dice dice) {
        world.trace.note(newest.session.id(), () -> newest + " does what it must not");
        int most = world.rules.edge().maxFrameBytes();
        newest.abuse(
                switch (dice.below(6)) {
                    case 0 -> Bytes.concat(Bytes.u32(most + 2), new byte[9]);
                    case 1 -> Bytes.concat(Bytes.u32(0), new byte[3]); // without a type
                    case 2 -> frame(0x07, dice.bytes(4));
                    case 3 -> frame(0x02, dice.bytes(17)); // a Ping that is too long
                    case 4 -> frame(0x01, dice.bytes(7)); // a short Ack
                    default -> frame(0x01, Bytes.concat(Bytes.u32(-1), Bytes.u32(0xFFFF)));
                });
    }

    private static byte[] frame(int type, byte[] body) {
        return Bytes.concat(Bytes.u32(1 + body.length), new byte[] {(byte) type}, body);
    }

    private void end(Link3 newest, Dice dice) {
        if (dice.oneIn(2)) {
            newest.link.fin();
        } else {
            newest.link.reset();
        }
    }

    /** Comes back, or for a new session. */
    private void come(Dice dice) {
        Session3 life = session;
        if (!world.server.isListening()) {
            return;
        }
        if (link != null && !link.link.isOver() && !link.link.isVanished() && life != null && life.client.id() != 0) {
            leaveBehind(link, dice);
        }
        String from = world.addressOf(number);
        if (life == null || life.isOver() || life.client.id() == 0) {
            begin(from, dice);
        } else {
            comeBack(life, from, dice);
        }
    }

    /** It closes its older link, and that may arrive late, or never. */
    private void leaveBehind(Link3 older, Dice dice) {
        switch (dice.below(3)) {
            case 0 -> older.link.fin();
            case 1 -> older.link.reset();
            default -> older.link.vanish(dice.below(60));
        }
    }

    private void begin(String from, Dice dice) {
        if (session != null) {
            session.forget();
        }
        Session3 next = world.book.thirds.begin(this);
        session = next;
        Link3 first = new Link3(world, next, from, false);
        link = first;
        world.trace.note(0, () -> first + " comes for a new session");
        CountedClientLink core = next.client.open(first::write, next.credentials(), dice.below(3) * dice.below(400));
        first.begins(core);
        if (dice.oneIn(3)) {
            sendSome(next, dice);
            core.sendAhead();
        }
    }

    private void comeBack(Session3 life, String from, Dice dice) {
        Link3 next = new Link3(world, life, from, true);
        link = next;
        world.trace.note(life.id(), () -> next + " comes back to " + life.id());
        CountedClient client = life.client;
        byte[] nonce = dice.bytes(NONCE_BYTES);
        if (liar && !healed && dice.oneIn(3)) {
            long heard = life.serverHeard();
            long received = dice.oneIn(3) ? life.dueFrames() + 10_000 : dice.oneIn(2) ? heard - 1 : client.received();
            long kept =
                    received != client.received() ? client.acknowledged() + 1 : dice.oneIn(2) ? client.sent() + 2 : 0;
            if (received >= 0) {
                world.trace.note(life.id(), () -> next + " lies: received " + received + ", kept " + kept);
                next.begins(client.resumeClaiming(next::write, nonce, received, kept));
                return;
            }
        }
        next.begins(client.resume(next::write, nonce));
    }

    // ---- time, and health

    @Override
    public void ticks() {
        Session3 life = session;
        Link3 newest = link;
        if (silent && !healed || life == null || newest == null || !newest.isLive() || newest.link.isVanished()) {
            return;
        }
        if (newest.link.writtenBytes() != wroteBytes) {
            wroteBytes = newest.link.writtenBytes();
            wroteAtNanos = world.now();
        }
        long heartbeat = Rules.seconds(newest.core().heartbeatSecs());
        if (ticked != newest || world.now() - wroteAtNanos >= heartbeat * 3 / 4) {
            ticked = newest; // what it was told of its link may have been long under way
            ping(life, new byte[0]);
            newest.link.move(ALL);
        }
    }

    @Override
    public void heal() {
        healed = true;
        Session3 life = session;
        Link3 newest = link;
        if (life == null || newest == null || life.isOver()) {
            return;
        }
        newest.link.opens();
        newest.link.move(ALL);
        newest.reads(ALL);
        acknowledge(life);
        newest.link.move(ALL);
        for (Link3 each : List.copyOf(life.links)) {
            if (each.link.isShut()) {
                each.link.fin();
            }
        }
        if (isGone(newest) && life.client.id() != 0) {
            come(world.dice);
            if (link != null) {
                link.link.move(ALL);
            }
        }
    }

    /** The session that it would come back to. */
    @Nullable
    Session3 session() {
        return session;
    }

    @Override
    public String toString() {
        return "client3 " + number;
    }
}
