package net.voltlane.server.simulation;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import net.voltlane.server.guard.GuardDoors;
import net.voltlane.server.guard.InetAddresses;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;

/**
 * A peer's connection to the server, and the network between them: bytes that the peer has written wait here until
 * chance moves some of them, cut at any byte. The peer's socket takes what it has room for. A link can end by a FIN, by
 * a reset, or vanish: then nothing comes any more, and nobody is told.
 */
final class SimLink implements SimPeers.Peer {
    /** Bytes that are read bear the time of the last sweep, and served time runs for up to 250 ms beyond that. */
    private static final long SWEEP_NANOS = 300_000_000L;

    /** Whoever is called silent must not have been talking for longer than that. */
    private static final long UNHEARD_NANOS = 1_000_000_000L;

    final int serial;
    /** The address that it comes from. */
    final String from;

    final FakeChannel channel;
    final long acceptedAtNanos;
    /**
     * Time of the server's clock of deadlines when its loop took the link up; a loop that was stopped does that late.
     */
    long takenUpServedNanos;
    /** Since when it may have waited for a server that was stopped: so much it may send at once. */
    final long waitedSinceNanos;
    /** Not later than that: a loop's time for rates is that of its last sweep. */
    final long sweptBeforeNanos;
    /** Number of connections in the resume reserve when it came; below it, how many had entered that before. */
    final long reserveWhenAccepted;

    final long reserveEnteredBefore;
    /** Number of handshakes that had given way to others when it came. */
    final long gaveWayBefore;

    private final boolean comesBanned;
    private final World world;
    private final FrameStream down;

    private byte[] outbox = new byte[0];
    private Runnable onArrival = () -> {};
    private Runnable onCut = () -> {};
    private long unreadSinceNanos;
    /** For how long bytes had waited to be read when it was closed, though it was read from. */
    private long unheardNanos;

    private long writtenBytes;
    private long readBytes;
    private long readWhileShut;
    private int gateOpenings;
    private final int gateOpeningsBefore;
    private boolean roomy = true;
    private boolean everFull;
    private boolean cut;
    private boolean vanished;
    private long vanishedAtNanos;
    private boolean tookSinceVanished;
    private long lastReadNanos;
    private long lastMoveNanos;
    /** First of the bytes that were read last while its address was banned. */
    private long bannedFromByte;

    private long bannedToByte;
    private boolean closed;
    private long closedAtNanos;
    private boolean givenUp;
    private long givenUpAtNanos;
    private long readBeforeEndNanos;
    private long readBeforeEndBytes;

    /** Since when the output was seen shut, by {@link QuietRules}. */
    long shutSinceNanos;

    boolean seenShut;

    /** @param onFrame gets the payload of each frame that the socket has wholly taken */
    SimLink(World world, int serial, String from, FakeChannel channel, Consumer<byte[]> onFrame) {
        this.world = world;
        this.serial = serial;
        this.from = from;
        this.channel = channel;
        acceptedAtNanos = world.now();
        waitedSinceNanos = world.server.time.waitedSinceNanos();
        sweptBeforeNanos = world.settledAtNanos();
        reserveWhenAccepted = GuardDoors.inReserve(world.server.guard);
        reserveEnteredBefore = world.server.count(Metric.RESUME_RESERVE_ENTERED);
        gaveWayBefore = FairRules.gaveWay(world.server);
        comesBanned = !world.pauses.isAsleep() && isBanned(); // whoever comes to a stopped server is looked at later
        gateOpeningsBefore = world.isGateShut() ? -1 : world.gateOpenings();
        down = new FrameStream(Integer.MAX_VALUE - 64, onFrame);
        lastMoveNanos = acceptedAtNanos;
        world.server.peers.add(channel, this);
        channel.watch(bytes -> world.judge(() -> taken(bytes)), bytes -> world.judge(() -> read(bytes)));
        channel.closeFuture().addListener(f -> {
            closed = true;
            closedAtNanos = world.now();
            boolean waiting = channel.unreadBytes() > 0 && channel.config().isAutoRead();
            unheardNanos = waiting ? closedAtNanos - unreadSinceNanos : 0;
            giveUp();
        });
        channel.watchShut(this::giveUp);
    }

    private void giveUp() {
        if (!givenUp) {
            givenUp = true;
            givenUpAtNanos = world.now();
            readBeforeEndNanos = lastReadNanos;
            readBeforeEndBytes = readBytes;
        }
    }

    private boolean isBanned() {
        return world.rules.bans() && GuardDoors.isBanned(world.server.guard, InetAddresses.of(from), world.now());
    }

    // ---- what the peer does ----

    void write(byte[] bytes) {
        outbox = Bytes.concat(outbox, bytes);
        writtenBytes += bytes.length;
    }

    /** From now on tells when some of what was written is about to arrive. */
    void onArrival(Runnable action) {
        onArrival = action;
    }

    /** From now on tells when the peer or the network breaks it, while the server still uses it. */
    void onCut(Runnable action) {
        onCut = action;
    }

    private void isCutNow() {
        if (!cut && !vanished && !givenUp) {
            onCut.run();
        }
    }

    /** Bytes of what the peer has written that have arrived. */
    long arrivedBytes() {
        return writtenBytes - outbox.length;
    }

    /** Bytes that the peer has written. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Some of what was written arrives. */
    void move(int most) {
        int n = Math.min(most, outbox.length);
        if (n > 0 && !isOver() && !vanished) {
            byte[] arrived = Arrays.copyOf(outbox, n);
            outbox = Arrays.copyOfRange(outbox, n, outbox.length);
            if (channel.unreadBytes() == 0) {
                unreadSinceNanos = world.now();
            }
            onArrival.run();
            channel.receives(arrived);
        }
    }

    void moveSome(Dice dice) {
        int length = outbox.length;
        if (length > 0) {
            move(dice.oneIn(3) ? length : dice.oneIn(3) ? 1 : 1 + dice.below(length));
        }
    }

    boolean isMoved() {
        return outbox.length == 0;
    }

    void stall(int room) {
        if (!isOver()) {
            roomy = false;
            everFull = true;
            channel.takes(room);
        }
    }

    void opens() {
        if (!isOver() && !vanished) {
            roomy = true;
            channel.takesAll();
        }
    }

    /** The peer closes, after all that it has written. */
    void fin() {
        if (!isOver() && !vanished) {
            move(Integer.MAX_VALUE);
            isCutNow();
            cut = true;
            channel.finished();
        }
    }

    /** A reset arrives: what was under way is gone. */
    void reset() {
        if (!closed) {
            isCutNow();
            cut = true;
            outbox = new byte[0];
            if (channel.pipeline().first() == null) {
                channel.close(); // not accepted so far: nobody is told
            } else {
                channel.broken(new IOException("reset by the peer"));
            }
        }
    }

    void vanish(int room) {
        if (!isOver()) {
            isCutNow();
            if (!vanished) {
                vanishedAtNanos = world.now();
            }
            vanished = true;
            stall(room);
        }
    }

    // ---- what becomes of it ----

    private void taken(byte[] bytes) {
        WorldFailure.unless(!channel.isOutputShutdown(), 0, this + " took bytes behind the end of its stream");
        WorldFailure.unless(!comesBanned, 0, this + " came from a banned address, and was answered");
        tookSinceVanished |= vanished;
        lastMoveNanos = world.now();
        down.feed(bytes);
    }

    private void read(byte[] bytes) {
        if (isBanned()) {
            bannedFromByte = bannedToByte == readBytes ? bannedFromByte : readBytes;
            bannedToByte = readBytes + bytes.length;
        }
        readBytes += bytes.length;
        lastReadNanos = world.now();
        lastMoveNanos = lastReadNanos;
        if (!world.isGateShut() || cut || gateOpenings != world.gateOpenings()) {
            gateOpenings = world.gateOpenings();
            readWhileShut = 0;
        }
        if (world.isGateShut() && !cut) {
            readWhileShut += channel.pipeline().get("link") == null ? 0 : bytes.length;
        }
    }

    /** Number of bytes that the server has read. */
    long readBytes() {
        return readBytes;
    }

    /** Its address was banned when the server read what ends behind this byte. */
    boolean wasReadUnderBan(long end) {
        return bannedFromByte < end && end <= bannedToByte;
    }

    /** Number of bytes that it has read since clients are held back. */
    long readWhileShut() {
        return readWhileShut;
    }

    /** Clients were held back since it came, or are. */
    boolean wasHeldBack() {
        return world.isGateShut() || gateOpeningsBefore != world.gateOpenings();
    }

    /** The time at which the server last read from it. */
    long lastReadNanos() {
        return lastReadNanos;
    }

    /** Number of bytes that the server has read before it gave it up. */
    long readInUseBytes() {
        return givenUp ? readBeforeEndBytes : readBytes;
    }

    /** The time at which the server last read from it, before it gave it up. */
    long readInUseNanos() {
        return readBytes == 0 ? acceptedAtNanos : givenUp ? readBeforeEndNanos : lastReadNanos;
    }

    /** The socket takes all that it is given. */
    boolean isRoomy() {
        return roomy;
    }

    /** It always did. */
    boolean wasEverFull() {
        return everFull;
    }

    /** The peer or the network has ended it. */
    boolean isCut() {
        return cut;
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
        return isUnanswered() || channel.hasWaiting();
    }

    @Override
    public boolean isUnanswered() {
        return vanished && (tookSinceVanished || channel.hasWaiting());
    }

    /** The time at which bytes last went over it, in either direction. */
    long lastMoveNanos() {
        return lastMoveNanos;
    }

    /** The server has closed it for its peer's silence, and no sooner than that is allowed. */
    boolean isClosedForSilence() {
        if (!closed || cut || channel.endedItsOutput()) {
            return false;
        }
        long peerTimeout = world.rules.edge().peerTimeoutNanos();
        long idle = world.rules.idleNanos();
        return vanished && peerTimeout > 0 && world.pauses.fairBetween(vanishedAtNanos, closedAtNanos) >= peerTimeout
                || idle > 0
                        && unheardNanos < UNHEARD_NANOS
                        && world.pauses.fairBetween(lastReadNanos, closedAtNanos) >= idle - SWEEP_NANOS;
    }

    /** The server's socket is closed. */
    boolean isClosed() {
        return closed;
    }

    /** The server uses it no more: it has closed it, or only still waits for the peer's FIN. */
    boolean isGivenUp() {
        return givenUp;
    }

    /** The time at which the server gave it up; now, while it has not. */
    long endedAtNanos() {
        return givenUp ? givenUpAtNanos : world.now();
    }

    long givenUpAtNanos() {
        return givenUpAtNanos;
    }

    /** The server sends nothing more on it. */
    boolean isShut() {
        return channel.isOutputShutdown();
    }

    /** Nothing that the peer does arrives any more. */
    boolean isOver() {
        return cut || closed;
    }

    @Override
    public String toString() {
        return "link " + serial;
    }
}
