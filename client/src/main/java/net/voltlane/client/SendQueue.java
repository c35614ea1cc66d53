package net.voltlane.client;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent, while there is a link and while there is none. Any thread adds, the {@link Writer} takes.
 *
 * <pre>
 *  add -> | waiting ....................... | -> fill -> | flying: in the batch that is being written | -> taken: gone
 *           bounded, may be dropped         <- detach -                 whole, from their first byte
 * </pre>
 *
 * A frame is flying from the moment on when its first byte is in a batch until the kernel has taken its last. When the
 * link dies, flying frames go back to the front: one of which the kernel had taken a part is sent again, whole, on the
 * next link; one that it had taken whole is not, for nobody knows whether it arrived.
 *
 * <p>The bound counts what waits. What flies comes on top: as much as a batch holds, or one frame.
 */
final class SendQueue {

    private final QueueBounds bounds;
    private final SendPolicy policy;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Condition linkOrWriterLeft = lock.newCondition();

    // All of these are guarded by the lock.
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private final ArrayDeque<byte[]> flying = new ArrayDeque<>();
    private long waitingBytes;
    /** How much of the first flying frame the kernel has taken. */
    private int takenBytes;

    private @Nullable Link link;
    /** Whether writing to {@link #link} has failed; the reading thread will find out by itself that it is dead. */
    private boolean broken;

    private boolean writing;
    private @Nullable ClientException refusal;
    private boolean ended;
    private boolean outputShut;
    private long discarded;

    SendQueue(QueueBounds bounds, SendPolicy policy) {
        this.bounds = bounds;
        this.policy = policy;
    }

    // ---- for those who send

    /**
     * Adds a frame, prefix included.
     *
     * @param mayWait whether this thread can wait at all
     */
    void add(byte[] frame, boolean mayWait) throws ClientException, SendQueueFullException, InterruptedException {
        int bytes = payloadBytes(frame);
        lock.lock();
        try {
            refuseIfOver();
            while (!bounds.admits(waiting.size(), waitingBytes, bytes)) {
                if (policy == SendPolicy.DROP_OLDEST) {
                    waitingBytes -= payloadBytes(waiting.removeFirst());
                    discarded++;
                } else if (policy == SendPolicy.WAIT && mayWait) {
                    room.await();
                    refuseIfOver();
                } else {
                    throw new SendQueueFullException(
                            waiting.size() + " packets of " + waitingBytes + " bytes are waiting to be sent (limits: "
                                    + bounds.packets() + " packets, " + bounds.bytes() + " bytes)");
                }
            }
            waiting.addLast(frame);
            waitingBytes += bytes;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How many accepted packets were discarded so far, for whatever reason. */
    long discarded() {
        lock.lock();
        try {
            return discarded;
        } finally {
            lock.unlock();
        }
    }

    private void refuseIfOver() throws ClientException {
        if (refusal != null) {
            throw refusal.again();
        }
    }

    // ---- for the writer

    /**
     * Waits for work and puts it into {@code batch}, which is ready to be read then. The batch before counts as done.
     *
     * @return where to write it to; an empty batch means that the output is to be shut. Null: there will be no work any
     *     more
     */
    @Nullable
    Link next(ByteBuffer batch) {
        lock.lock();
        try {
            writing = false;
            linkOrWriterLeft.signalAll();
            while (!ended && !hasWork()) {
                work.awaitUninterruptibly();
            }
            if (ended) {
                return null;
            }
            fill(batch.clear());
            outputShut = !batch.flip().hasRemaining();
            writing = true;
            return link;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasWork() {
        boolean leave = refusal != null && !outputShut;
        return link != null && !broken && (leave || !waiting.isEmpty() || !flying.isEmpty());
    }

    private void fill(ByteBuffer batch) {
        // At most one frame is flying at this moment: the last of the batch before, which had no room for all of it.
        byte[] begun = flying.peekFirst();
        if (begun != null) {
            batch.put(begun, takenBytes, Math.min(begun.length - takenBytes, batch.remaining()));
        }
        while (batch.hasRemaining() && !waiting.isEmpty()) {
            byte[] frame = waiting.removeFirst();
            waitingBytes -= payloadBytes(frame);
            flying.addLast(frame);
            batch.put(frame, 0, Math.min(frame.length, batch.remaining()));
        }
        room.signalAll();
    }

    /** The kernel has taken so many more bytes of the batch. */
    void taken(int bytes) {
        lock.lock();
        try {
            takenBytes += bytes;
            while (!flying.isEmpty() && flying.getFirst().length <= takenBytes) {
                takenBytes -= flying.removeFirst().length;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writing has failed. Waits until the link is {@linkplain #detach detached}, as its reader sees its end, too, and
     * may still find something that came before it.
     *
     * @return false if that takes longer than {@code nanos}
     */
    boolean failed(long nanos) {
        lock.lock();
        try {
            broken = true;
            writing = false;
            linkOrWriterLeft.signalAll();
            long left = nanos;
            while (broken && left > 0) {
                left = linkOrWriterLeft.awaitNanos(left);
            }
            return !broken;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    // ---- for the keeper

    /** There is a link: what waits goes out on it. */
    void attach(Link to) {
        lock.lock();
        try {
            link = to;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The link has been closed. When this returns the writer has done with it, and what it did not take waits again.
     */
    void detach() {
        lock.lock();
        try {
            while (writing) {
                linkOrWriterLeft.awaitUninterruptibly();
            }
            link = null;
            broken = false;
            takenBytes = 0;
            linkOrWriterLeft.signalAll();
            while (!flying.isEmpty()) {
                byte[] frame = flying.removeLast();
                waiting.addFirst(frame);
                waitingBytes += payloadBytes(frame);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Discards all that waits; returns how many packets that were. While detached. */
    int clear() {
        lock.lock();
        try {
            int count = waiting.size();
            discarded += count;
            waiting.clear();
            waitingBytes = 0;
            room.signalAll();
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing any more. What waits still goes out, if there is a link; then the output is shut. */
    void finish(ClientException why) {
        lock.lock();
        try {
            if (refusal == null) {
                refusal = why;
            }
            room.signalAll();
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** It is over, for the writer too. While detached. Returns how many packets are discarded. */
    int end(ClientException why) {
        lock.lock();
        try {
            finish(why);
            ended = true;
            work.signal();
            return clear();
        } finally {
            lock.unlock();
        }
    }

    private static int payloadBytes(byte[] frame) {
        return frame.length - Frame.PREFIX_BYTES;
    }
}
