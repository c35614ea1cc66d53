package net.voltlane.client;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * Packets that wait for {@code receive}. When it is full the one thread that reads from the server waits here, and TCP
 * holds the server back: nothing is dropped. Any thread takes.
 *
 * <p>Once its link is closed that thread waits no more, as it has a new one to make. What it had read by then goes in
 * over the bound; that is one packet and what a {@link FrameReader} holds, at most.
 */
final class ReceiveQueue {

    private final QueueBounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition packets = lock.newCondition();

    // All of these are guarded by the lock.
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private long bytes;
    private @Nullable ClientException end;

    ReceiveQueue(QueueBounds bounds) {
        this.bounds = bounds;
    }

    /**
     * Waits for room, as long as there is a link; after the end the packet is dropped, as nobody will ask for it.
     *
     * @param linked whether the link that the packet came by is open; asked again at each {@link #linkClosed}
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

    /** A link was closed: whoever waits for room does so no more if it was theirs. */
    void linkClosed() {
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a packet for as long as it takes. */
    byte[] take() throws ClientException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty()) {
                failIfOver();
                packets.await();
            }
            return remove();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a packet; null if none comes within {@code nanos}. */
    byte @Nullable [] take(long nanos) throws ClientException, InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty()) {
                failIfOver();
                if (left <= 0) {
                    return null;
                }
                left = packets.awaitNanos(left);
            }
            return remove();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Nothing more will come. What is there can still be taken; after that, {@code why} is thrown. The first call
     * counts.
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

    private byte[] remove() {
        byte[] packet = queue.removeFirst();
        bytes -= packet.length;
        room.signal();
        return packet;
    }

    private void failIfOver() throws ClientException {
        if (end != null) {
            throw end.again();
        }
    }
}
