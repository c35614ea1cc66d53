package net.voltlane.server.simulation;

import java.io.IOException;
import java.util.Arrays;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The master's sockets, and the network between them and the server: dials that it answers or not, links that end by a
 * FIN, by a reset, or that vanish, and bytes that chance moves. What goes over them is for the versions of the firehose.
 */
abstract class SimMaster implements SimPeers.Peer {
    final World world;
    private @Nullable FakeChannel dialled;
    private @Nullable FakeChannel channel;
    private byte[] outbox = new byte[0];
    private boolean roomy = true;
    private boolean vanished;
    private long vanishedAtNanos;
    private boolean tookSinceVanished;
    /** It has sent its FIN, upon which the transport reads what is there, blocked or not. */
    private boolean finished;

    private long dialledAtNanos;

    private int links;

    SimMaster(World world) {
        this.world = world;
    }

    /** The master of this world, of the version that its server speaks. */
    static SimMaster of(World world) {
        return world.rules.firehose3() ? new Master3(world) : new Master2(world);
    }

    // ---- for the versions

    /** A link begins, and has not brought anything. */
    abstract void begins(int number);

    /** The socket has taken bytes. */
    abstract void took(byte[] bytes);

    /** The server has read bytes. */
    abstract void wasRead(byte[] bytes);

    /** The link is over: nothing that is under way arrives. */
    void isLost() {}

    /** Sends something. */
    abstract void acts(Dice dice);

    /** Time has passed. */
    void ticks() {}

    /** Does all that a master that is well does in a moment. */
    void isWell() {}

    /** The server may send it all that it has. */
    boolean isReady() {
        return true;
    }

    /** All that the server has for it has come. */
    abstract boolean hasAll();

    /** It has acknowledged all that it has been sent. */
    boolean hasAcknowledged() {
        return waiting().packets() == 0;
    }

    /** The server has acknowledged all that it has been sent. */
    boolean isAcknowledged() {
        return true;
    }

    /** Everybody has been told all; the server has stopped in order. */
    abstract void allHaveEnded();

    /** Data packets that wait for it, and their bytes, as they count against the bounds. */
    abstract Waiting waiting();

    record Waiting(int packets, long bytes) {}

    // ---- its links ----

    /** Takes note of a dial. */
    void look() {
        FakeChannel next = FakeChannel.nextDialled();
        if (next != null) {
            WorldFailure.unless(dialled == null || !dialled.isOpen(), 0, "dialled twice at once");
            WorldFailure.unless(!isConnected(), 0, "dialled though it is there");
            dialled = next;
            dialledAtNanos = world.now();
        }
    }

    boolean isConnected() {
        FakeChannel current = channel;
        return current != null && current.isActive() && !current.isOutputShutdown();
    }

    @Override
    public boolean isVanished() {
        return vanished;
    }

    @Override
    public long vanishedAtNanos() {
        return vanishedAtNanos;
    }

    @Override
    public boolean isOwing() {
        return isUnanswered() || (channel != null && channel.hasWaiting());
    }

    @Override
    public boolean isUnanswered() {
        return vanished && channel != null && (tookSinceVanished || channel.hasWaiting());
    }

    /** Number of links that there were. */
    int links() {
        return links;
    }

    boolean isDialled() {
        return dialled != null;
    }

    void answersDial(boolean accepts) {
        FakeChannel next = dialled;
        if (next == null || !next.isOpen()) {
            dialled = null;
            return;
        }
        dialled = null;
        if (!accepts) {
            next.refused(new IOException("connection refused"));
            return;
        }
        endsOld();
        channel = next;
        outbox = new byte[0];
        vanished = false;
        tookSinceVanished = false;
        finished = false;
        roomy = true;
        if (world.dice.oneIn(4)) {
            stalls(world.dice.below(100));
        }
        begins(++links);
        next.watch(
                bytes -> world.judge(() -> socketTook(next, bytes)),
                bytes -> world.judge(() -> serverRead(next, bytes)));
        world.server.peers.add(next, this);
        next.accepted();
    }

    private void endsOld() {
        FakeChannel old = channel;
        if (old != null && old.isOpen()) {
            old.finished();
        }
    }

    /** A dial that nobody answers ends by itself. */
    void dialTimesOut(long nanos) {
        if (dialled != null && world.now() - dialledAtNanos >= nanos) {
            answersDial(false);
        }
    }

    private void serverRead(FakeChannel on, byte[] bytes) {
        boolean isDiscarded = on.pipeline().get("firehose") == null;
        if (!isDiscarded) {
            WorldFailure.unless(
                    !world.server.junction.isBlocked() || finished, 0, "the firehose was read though it is blocked");
            wasRead(bytes);
        }
    }

    private void socketTook(FakeChannel on, byte[] bytes) {
        if (on != channel) {
            return; // what an older link still takes is read by nobody
        }
        tookSinceVanished |= vanished;
        took(bytes);
    }

    void stalls(int room) {
        if (channel != null && channel.isOpen()) {
            roomy = false;
            channel.takes(room);
        }
    }

    void opens() {
        if (channel != null && channel.isOpen() && !vanished) {
            roomy = true;
            channel.takesAll();
        }
    }

    void vanishes() {
        if (!vanished) {
            vanishedAtNanos = world.now();
        }
        vanished = true;
        stalls(0);
    }

    /** @param fin in order, else with a reset */
    void dies(boolean fin) {
        FakeChannel current = channel;
        if (current == null || !current.isOpen()) {
            return;
        }
        outbox = new byte[0];
        world.trace.note(() -> "master link ends, fin: " + fin);
        isLost();
        if (fin) {
            finished = true;
            current.finished();
        } else {
            current.broken(new IOException("reset by the master"));
        }
    }

    /** A link that the server has closed. */
    void closesShut() {
        if (channel != null && channel.isOpen() && channel.isOutputShutdown()) {
            channel.finished();
        }
    }

    // ---- what it sends ----

    final void append(byte[] bytes) {
        outbox = Bytes.concat(outbox, bytes);
    }

    void moveSome(Dice dice) {
        int length = outbox.length;
        if (length > 0) {
            move(dice.oneIn(2) ? length : dice.oneIn(4) ? 1 : 1 + dice.below(length));
        }
    }

    void moveAll() {
        move(outbox.length);
    }

    private void move(int n) {
        if (n > 0 && channel != null && channel.isActive() && !vanished) {
            byte[] arrived = Arrays.copyOf(outbox, n);
            outbox = Arrays.copyOfRange(outbox, n, outbox.length);
            channel.receives(arrived);
        }
    }

    // ---- what the rules need to know ----

    boolean isRoomy() {
        return roomy;
    }

    int unreadBytes() {
        return channel == null || !channel.isActive() ? 0 : channel.unreadBytes();
    }

    boolean isClosed() {
        return channel == null || !channel.isOpen();
    }
}
