package net.voltlane.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.link3.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * The output of a session of version 3: packets until they are acknowledged, acknowledgements of what the program has
 * taken over, Pings, and the end of the session. It also ends a link that has been silent for too long, or that the
 * server has asked to leave.
 *
 * <p>A batch holds the rest of a frame that was begun, then an Ack and a Ping if they are due, then packets. When the
 * socket takes a batch slowly, the next batches hold one packet each, so that an Ack does not wait behind many.
 */
final class Version3Sends implements SendStore {

    /** The time within which an Ack goes out, well below the protocol's second. */
    private static final long ACK_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    /** The time between two looks at what is owed, while packets come in. With the time above, below a second. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** The time for a batch from which on the socket counts as full. */
    private static final long SLOW_WRITE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** The reason for leaving a link at the server's request. */
    static final String ASKED = "the server asked to come back on another link";

    private static final int ACK_BYTES = Frame.PREFIX_BYTES + 1 + Long.BYTES;
    private static final int EMPTY_FRAME_BYTES = Frame.PREFIX_BYTES + 1;

    private final Unacknowledged packets;
    private final TakenOver takenOver;
    private final Consumer<String> giveUp;

    private @Nullable Heartbeat heartbeat;
    /** The time at which the link has to be left; only with {@code leavingLink}. */
    private long leaveLinkNanos;

    private boolean leavingLink;

    /** The time at which an Ack has to go out; only with {@code ackOwed}. */
    private long ackNanos;

    private boolean ackOwed;
    private long lookedNanos;
    private long lookedPackets;

    private boolean writing;
    private boolean full;
    private long filledNanos;

    private @Nullable Ending ending;
    /** True if the end does not wait for acknowledgements any more. */
    private boolean endsNow;
    /** True if the end was written. */
    private boolean ended;
    /** True if the link was given up. */
    private boolean givenUp;

    /** @param giveUp closes the link, for the reason that it is given; called under the queue's lock */
    Version3Sends(Unacknowledged packets, TakenOver takenOver, Consumer<String> giveUp) {
        this.packets = packets;
        this.takenOver = takenOver;
        this.giveUp = giveUp;
    }

    Unacknowledged unacknowledged() {
        return packets;
    }

    /** Prepares for a new link, before the queue is attached to it. */
    void linked(Heartbeat fresh, long nowNanos) {
        heartbeat = fresh;
        leavingLink = false;
        ackOwed = false;
        givenUp = false;
        full = false;
        lookedNanos = nowNanos;
        lookedPackets = takenOver.packets();
    }

    /** Leaves the link at this time, or earlier if the server has asked for that before. */
    void leaveLinkAt(long nanos) {
        if (!leavingLink || nanos - leaveLinkNanos < 0) {
            leaveLinkNanos = nanos;
        }
        leavingLink = true;
    }

    /** Ends without waiting for more acknowledgements. */
    void endNow() {
        endsNow = true;
    }

    /** Tells whether the end of the output was written to the link. */
    boolean isEnded() {
        return ended;
    }

    /** Tells whether the end of the session was written to a link. */
    boolean hasLeft() {
        return isEnded() && ending == Ending.LEAVE;
    }

    // ---- SendStore

    @Override
    public int packets() {
        return packets.packets();
    }

    @Override
    public long bytes() {
        return packets.bytes();
    }

    @Override
    public void add(Packet packet) {
        packets.add(packet);
    }

    @Override
    public @Nullable Packet dropOldest() {
        return packets.dropOldest();
    }

    @Override
    public void finish(Ending how) {
        ending = how;
    }

    @Override
    public boolean isTimed() {
        return true;
    }

    @Override
    public boolean acknowledges() {
        return true;
    }

    @Override
    public boolean hasWork(long nowNanos) {
        if (writing) {
            writing = false;
            full = nowNanos - filledNanos >= SLOW_WRITE_NANOS;
        }
        watch(nowNanos);
        return !isOver() && (packets.mayFill() || isAckDue(nowNanos) || isPingDue(nowNanos) || isEndDue());
    }

    @Override
    public boolean mayFill() {
        return packets.mayFill();
    }

    @Override
    public long untilWorkNanos(long nowNanos) {
        if (isOver()) {
            return NEVER;
        }
        Heartbeat present = heartbeat;
        long nanos = present == null ? NEVER : present.untilDueNanos(nowNanos);
        if (leavingLink) {
            nanos = Math.min(nanos, leaveLinkNanos - nowNanos);
        }
        if (ackOwed) {
            nanos = Math.min(nanos, ackNanos - nowNanos);
        } else if (!sleeps(nowNanos)) {
            nanos = Math.min(nanos, LOOK_NANOS);
        }
        return Math.max(1, nanos);
    }

    @Override
    public void fill(ByteBuffer batch, long nowNanos) {
        filledNanos = nowNanos;
        writing = true;
        batch.order(ByteOrder.LITTLE_ENDIAN);
        packets.fillRest(batch);
        if (takenOver.isOwed() && batch.remaining() >= ACK_BYTES) {
            batch.putInt(ACK_BYTES - Frame.PREFIX_BYTES).put((byte) FrameType.ACK);
            batch.putLong(takenOver.tell());
            ackOwed = false;
        }
        if (isPingDue(nowNanos) && batch.remaining() >= EMPTY_FRAME_BYTES) {
            put(batch, FrameType.PING);
            pinged();
        }
        packets.fill(batch, full ? 1 : Integer.MAX_VALUE);
        if (isEndDue() && batch.remaining() >= EMPTY_FRAME_BYTES) {
            end(batch);
        }
        if (heartbeat != null) {
            heartbeat.sent(nowNanos);
        }
    }

    @Override
    public void written(int bytes) {
        // What was sent is kept until it is acknowledged.
    }

    @Override
    public void detached() {
        packets.detached();
        heartbeat = null;
        writing = false;
        leavingLink = false;
    }

    @Override
    public List<Unsettled> clear() {
        return packets.clear();
    }

    @Override
    public List<Unsettled> giveUp() {
        return packets.unsettled();
    }

    @Override
    public List<Packet> handOver() {
        return packets.takeWaiting();
    }

    // ---- what is due

    /** Gives the link up if it is lost. Also called while a write is stuck, by another thread. */
    void watch(long nowNanos) {
        Heartbeat present = heartbeat;
        if (isOver() || present == null) {
            return;
        }
        present.look(nowNanos);
        if (present.isLost(writing)) {
            givenUp = true;
            giveUp.accept("the server has been silent for " + present.limit());
        } else if (leavingLink && nowNanos - leaveLinkNanos >= 0) {
            givenUp = true;
            giveUp.accept(ASKED);
        }
    }

    private boolean isAckDue(long nowNanos) {
        if (!takenOver.isOwed()) {
            return false;
        }
        if (!ackOwed) {
            ackOwed = true;
            ackNanos = nowNanos + ACK_NANOS;
            takenOver.sleeps(false);
        }
        return takenOver.isDue() || nowNanos - ackNanos >= 0;
    }

    /** Tells whether the writer may sleep until the next packet is taken over: none was, for a while. */
    private boolean sleeps(long nowNanos) {
        if (nowNanos - lookedNanos < LOOK_NANOS) {
            return false;
        }
        long taken = takenOver.packets();
        boolean quiet = taken == lookedPackets;
        lookedNanos = nowNanos;
        lookedPackets = taken;
        takenOver.sleeps(quiet);
        return quiet && !takenOver.isOwed();
    }

    /** Tells whether nothing more is written to the present link. */
    private boolean isOver() {
        return ended || givenUp;
    }

    private boolean isPingDue(long nowNanos) {
        return heartbeat != null && heartbeat.isPingDue(nowNanos);
    }

    private void pinged() {
        if (heartbeat != null) {
            heartbeat.pinged();
        }
    }

    /** Tells whether everything is said. What waits for a link's window is said only when it is sent. */
    private boolean isEndDue() {
        return ending != null && !packets.mayFill() && (packets.packets() == 0 || endsNow);
    }

    private void end(ByteBuffer batch) {
        if (ending == Ending.LEAVE) {
            put(batch, FrameType.LEAVE);
            ended = true;
        } else if (batch.position() == 0) {
            ended = true; // the empty batch shuts the output
        }
    }

    private static void put(ByteBuffer batch, int type) {
        batch.putInt(1).put((byte) type);
    }
}
