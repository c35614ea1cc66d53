package net.voltlane.client;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of packets that wait for {@code receive}. When it is full, the supervisor's thread, which reads from
 * the server, waits here, so TCP holds the server back and nothing is dropped. Any thread may take packets.
 *
 * <p>The supervisor's thread stops waiting when its link is closed, because it has to make a new one. The packets that
 * it has already read then exceed the bound, by at most one packet and the content of a {@link FrameReader}.
 */
final class ReceiveQueue {

    private final QueueBounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition packets = lock.newCondition();

    // These fields are guarded by the lock.
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private long bytes;
    private @Nullable ClientException end;
    /** Counts the packets that are taken; null in version 2. */
    private @Nullable TakenOver takenOver;
    /** The number of packets at the head that belong to an earlier session, and are not counted. */
    private int foreign;
    /** True if the packets behind these can't be taken, as the session is being resumed. */
    private boolean held;

    private final Runnable wakeWriter;

    ReceiveQueue(QueueBounds bounds) {
        this(bounds, () -> {});
    }

    /** @param wakeWriter called without the lock when the server should be told what was taken */
    ReceiveQueue(QueueBounds bounds, Runnable wakeWriter) {
        this.bounds = bounds;
        this.wakeWriter = wakeWriter;
    }

    /** Counts the packets that are put in from now on, when they are taken; null counts none. */
    void count(@Nullable TakenOver with) {
        lock.lock();
        try {
            foreign = queue.size();
            takenOver = with;
            held = false;
            packets.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Holds the packets of the present session that nobody has taken, so that nothing is taken over any more, and returns
     * how many were. If the session is resumed, the server sends them again ({@link #forgetHeld}); otherwise they can be
     * taken again ({@link #release}).
     */
    long hold(TakenOver of) {
        lock.lock();
        try {
            assert takenOver == of;
            held = true;
            return of.tell();
        } finally {
            lock.unlock();
        }
    }

    /** Drops the packets that are held, if any are. */
    void forgetHeld() {
        lock.lock();
        try {
            while (held && queue.size() > foreign) {
                bytes -= queue.removeLast().length;
            }
            held = false;
            room.signal();
            packets.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the packets be taken again that are held, if any are. */
    void release() {
        lock.lock();
        try {
            held = false;
            packets.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a packet. Waits for room while the link is open. After the end the packet is dropped, as it can't be
     * received any more.
     *
     * @param linked tells whether the link that the packet came from is open; asked again after each
     *     {@link #linkClosed}
     */
    void put(byte[] packet, BooleanSupplier linked) {
        lock.lock();
        try {
            while (end == null && linked.getAsBoolean() && !bounds.admits(queue.size(), bytes, packet.length)) {
                room.awaitUninterruptibly();
            }
            if (end == null) {
                queue.addLast(packet);
                bytes += packet.length;
                packets.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called when a link was closed: a thread that waits for room for a packet of that link stops waiting. */
    void linkClosed() {
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a packet. Waits without a time limit. */
    byte[] take() throws ClientException, InterruptedException {
        byte[] packet;
        boolean wakes;
        lock.lockInterruptibly();
        try {
            while (!mayTake()) {
                throwIfEnded();
                packets.await();
            }
            packet = remove();
            wakes = count(packet);
        } finally {
            lock.unlock();
        }
        if (wakes) {
            wakeWriter.run();
        }
        return packet;
    }

    /** Takes a packet. Returns null if none comes within {@code nanos}. */
    byte @Nullable [] take(long nanos) throws ClientException, InterruptedException {
        byte[] packet;
        boolean wakes;
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!mayTake()) {
                throwIfEnded();
                if (left <= 0) {
                    return null;
                }
                left = packets.awaitNanos(left);
            }
            packet = remove();
            wakes = count(packet);
        } finally {
            lock.unlock();
        }
        if (wakes) {
            wakeWriter.run();
        }
        return packet;
    }

    /**
     * Ends the queue: no more packets are added. Those that are in it can still be taken; after that, {@code why} is
     * thrown. Only the first call counts.
     */
    void end(ClientException why) {
        lock.lock();
        try {
            if (end == null) {
                end = why;
            }
            packets.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean mayTake() {
        return foreign > 0 || !held && !queue.isEmpty();
    }

    private byte[] remove() {
        byte[] packet = queue.removeFirst();
        bytes -= packet.length;
        room.signal();
        return packet;
    }

    /** Counts a packet that was removed. Returns true if the writer has to be woken. */
    private boolean count(byte[] packet) {
        if (foreign > 0) {
            foreign--;
            return false;
        }
        return takenOver != null && takenOver.add(packet.length);
    }

    private void throwIfEnded() throws ClientException {
        if (end != null && !held) {
            throw end.copy();
        }
    }
}
