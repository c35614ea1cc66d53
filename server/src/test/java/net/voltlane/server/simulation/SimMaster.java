package net.voltlane.server.simulation;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The master and its side of the firehose. What its sockets take is held against what passed the {@link Junction}, byte
 * for byte: on each new link first the announcements, then all from the first packet on that no link has wholly taken.
 */
final class SimMaster implements SimPeers.Peer {
    private static final int HEARD_LATELY = 20;

    /** The packets that its links were sent. */
    final Told told;

    private final World world;
    private @Nullable FakeChannel dialled;
    private @Nullable FakeChannel channel;
    private FrameStream read = new FrameStream(0, payload -> {});
    private FrameStream taken = read;
    private byte[] outbox = new byte[0];
    private boolean roomy = true;
    private boolean vanished;
    private long vanishedAtNanos;
    private boolean tookSinceVanished;
    /** It has sent its FIN, upon which the transport reads what is there, blocked or not. */
    private boolean finished;

    private long dialledAtNanos;

    /** Reconnections that the link begins with. */
    private final Queue<byte[]> announced = new ArrayDeque<>();
    /** Of the junction's stream: where the first packet is that no link has wholly taken. */
    private int position;
    /** Packets that it can echo. */
    private final List<byte[]> heard = new ArrayList<>();

    private int links;

    SimMaster(World world) {
        this.world = world;
        told = new Told(world);
    }

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
        announced.clear();
        List<Long> ids = new ArrayList<>();
        world.server.sessions.announce(told.sentBytes(), ids::add);
        told.begins(ids);
        ids.forEach(id -> announced.add(payload(id, Flag.RECONNECTION.code(), new byte[0])));
        read = new FrameStream(world.rules.uplink().maxFrameBytes(), world.book::fromMaster);
        taken = new FrameStream(Integer.MAX_VALUE - 64, this::took);
        next.watch(bytes -> world.judge(() -> socketTook(bytes)), bytes -> world.judge(() -> wasRead(next, bytes)));
        world.server.peers.add(next, this);
        int number = ++links;
        world.trace.note(() -> "master accepts link " + number + ", told of " + ids + ", goes on at " + position);
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

    private void wasRead(FakeChannel on, byte[] bytes) {
        boolean isDiscarded = on.pipeline().get("firehose") == null;
        if (!isDiscarded) {
            WorldFailure.unless(
                    !world.server.junction.isBlocked() || finished, 0, "the firehose was read though it is blocked");
            read.feed(bytes);
        }
    }

    private void socketTook(byte[] bytes) {
        tookSinceVanished |= vanished;
        taken.feed(bytes);
    }

    private void took(byte[] payload) {
        byte[] announcement = announced.poll();
        if (announcement != null) {
            WorldFailure.unless(Arrays.equals(announcement, payload), 0, "the firehose does not begin as it should");
            told.announced(payload);
            return;
        }
        List<byte[]> stream = world.server.junction.stream();
        WorldFailure.unless(position < stream.size(), 0, "the firehose brings what was never put in");
        WorldFailure.unless(
                Arrays.equals(stream.get(position), payload), 0, "the firehose does not go on with packet " + position);
        position++;
        told.sent(payload);
        heard.add(payload);
        if (heard.size() > HEARD_LATELY) {
            heard.remove(0);
        }
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

    void acts(Dice dice) {
        if (!isConnected() || vanished) {
            return;
        }
        switch (dice.weighted(20, 6, 3, 3, 2, 3, 2, 1)) {
            case 0 -> {
                for (int n = dice.between(1, 5); n > 0; n--) {
                    data(anyId(dice), dice);
                }
            }
            case 1 -> heard.forEach(this::frame); // an echo, of events as well
            case 2 -> {
                long id = anyId(dice);
                for (int n = dice.between(5, 60); n > 0; n--) {
                    data(id, dice);
                }
            }
            case 3 ->
                world.book.lives().forEach(life -> {
                    if (life.failed() == null) {
                        data(life.id, dice);
                    }
                });
            case 4 -> {
                long id = anyId(dice);
                frame(payload(id, Flag.KICK.code(), dice.bytes(dice.below(3))));
            }
            case 5 -> frame(dice.bytes(dice.below(Tag.BYTES))); // too short
            case 6 -> frame(payload(anyId(dice), dice.between(4, 255), dice.bytes(5)));
            default -> {
                if (dice.oneIn(4)) {
                    append(Bytes.u32(dice.oneIn(2) ? -1 : world.rules.uplink().maxFrameBytes() + 1));
                    append(dice.bytes(3));
                }
            }
        }
    }

    private long anyId(Dice dice) {
        List<SessionModel> lives = world.book.lives();
        if (lives.isEmpty() || dice.oneIn(20)) {
            return dice.oneIn(3) ? 0 : dice.number() | Long.MIN_VALUE; // nobody's, ever
        }
        return lives.get(
                        dice.oneIn(2)
                                ? dice.below(lives.size())
                                : lives.size() - 1 - dice.below(Math.min(8, lives.size())))
                .id;
    }

    private void data(long id, Dice dice) {
        int length = dice.oneIn(8) ? 0 : dice.oneIn(10) ? dice.below(9_000) : dice.below(40);
        frame(payload(id, Flag.DATA.code(), dice.bytes(length)));
    }

    private static byte[] payload(long id, int flag, byte[] data) {
        byte[] frame = Tag.frame(id, Flag.DATA, data);
        frame[Tag.FLAG_OFFSET_IN_FRAME] = (byte) flag;
        return Arrays.copyOfRange(frame, Frame.PREFIX_BYTES, frame.length);
    }

    private void frame(byte[] payload) {
        append(Frame.of(payload));
    }

    private void append(byte[] bytes) {
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

    boolean hasAll() {
        return announced.isEmpty() && position == world.server.junction.stream().size();
    }

    int position() {
        return position;
    }

    int unreadBytes() {
        return channel == null || !channel.isActive() ? 0 : channel.unreadBytes();
    }

    boolean isClosed() {
        return channel == null || !channel.isOpen();
    }
}
