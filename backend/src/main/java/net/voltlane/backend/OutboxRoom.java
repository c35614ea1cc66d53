package net.voltlane.backend;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.voltlane.protocol.QueueBounds;

/** The space of a {@link ServerOutbox}, and the senders that wait for it. Guarded by the outbox's lock. */
final class OutboxRoom {
    /** The time after which a reader that waits looks what its own link has brought. */
    private static final long READ_AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReentrantLock lock;
    /** Signalled for senders that wait for room. */
    private final Condition room;

    private final SendLog log;
    private final QueueBounds bounds;
    private final int chunkBytes;

    /** Bytes of packets that are kept for sessions which the server has not opened to the present pair of instances. */
    private long keptBytes;

    private int waitingSenders;
    /** True if a packet was refused since {@link Handler#writable} was last called for this server. */
    private boolean hasRefused;

    /**
     * @param lock the outbox's lock
     * @param log the outbox's packets
     */
    OutboxRoom(ReentrantLock lock, SendLog log, long maxBytes, int chunkBytes) {
        this.lock = lock;
        this.room = lock.newCondition();
        this.log = log;
        this.bounds = QueueBounds.ofBytes(maxBytes);
        this.chunkBytes = chunkBytes;
    }

    /** Returns the bytes of all packets that wait. */
    long queued() {
        return log.bytes() + keptBytes;
    }

    boolean isFullFor(int frameBytes) {
        return !bounds.admits(queued() > 0 ? 1 : 0, queued(), frameBytes);
    }

    boolean isUsedUp() {
        return queued() >= bounds.bytes();
    }

    boolean isLessThanHalfUsed() {
        return queued() < bounds.bytes() / 2;
    }

    boolean isHalfFree() {
        return queued() <= bounds.bytes() / 2;
    }

    /** Tells whether answers and kicks have filled as much space again as data may. */
    boolean isClosedForAnswers() {
        return queued() / 2 >= Math.max(bounds.bytes(), chunkBytes);
    }

    void keeps(KeptPacket packet) {
        keptBytes += packet.frameBytes();
    }

    void keepsNoMore(KeptPacket packet) {
        keptBytes -= packet.frameBytes();
    }

    /** Remembers that a packet was refused. */
    void refuses() {
        hasRefused = true;
    }

    void refusesNoMore() {
        hasRefused = false;
    }

    boolean hasRefused() {
        return hasRefused;
    }

    /** Wakes the senders that are known to wait. */
    void wakeWaiting() {
        if (waitingSenders > 0) {
            room.signalAll();
        }
    }

    void wakeAll() {
        room.signalAll();
    }

    /**
     * Waits until there may be room. A reader that waits in a handler call looks now and then what its own link has
     * brought, as that may be what makes room. Returns false if the thread is interrupted.
     */
    @SuppressWarnings("WaitNotInLoop") // its caller asks for room in a loop
    boolean await() {
        FirehoseReader reader = FirehoseReader.ofThisThread();
        waitingSenders++;
        try {
            if (reader == null) {
                room.await();
            } else {
                room.awaitNanos(READ_AHEAD_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waitingSenders--;
        }
        if (reader != null) {
            readAhead(reader);
        }
        return true;
    }

    private void readAhead(FirehoseReader reader) {
        lock.unlock();
        try {
            reader.readAhead();
        } catch (IOException e) {
            // The link is lost. If it is the one that was waited for, the wait is over.
        } finally {
            lock.lock();
        }
    }
}
