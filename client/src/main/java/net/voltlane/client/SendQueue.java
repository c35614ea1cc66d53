package net.voltlane.client;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of frames to be sent, with or without a link. Any thread adds frames, and the {@link Writer} takes
 * them.
 *
 * <pre>
 *  add -> | waiting ................. | -> fill -> | inFlight: in the batch that is being written | -> written: gone
 *           bounded, may be dropped   <- detach -               whole, from their first byte
 * </pre>
 *
 * A frame is in flight from the moment when its first byte is in a batch until the kernel has taken its last byte. When
 * the link dies, frames in flight go back to the front of the queue. A frame that the kernel had taken in part is sent
 * again, whole, on the next link. A frame that it had taken whole is not sent again, as it may have arrived.
 *
 * <p>The bounds count the frames that wait. Frames in flight come on top: the content of one batch, or one frame that
 * is larger.
 *
 * <p>The state of the output:
 *
 * <pre>
 *            attach          next            failed
 *  DETACHED --------> IDLE --------> WRITING --------> FAILED
 *     ^                |  <--------                      |
 *     |                |     next                        |
 *     +--- detach -----+------------- detach ------------+
 * </pre>
 *
 * Thread-safe, by one lock.
 */
final class SendQueue {
    /** The writer's use of the link. */
    private enum Output {
        /** There is no link. */
        DETACHED,
        /** There is a link, and no batch is being written to it. */
        IDLE,
        /** A batch is being written to the link. */
        WRITING,
        /** A write has failed; the supervisor's thread will find out by itself that the link is dead. */
        FAILED
    }

    private final QueueBounds bounds;
    private final SendPolicy policy;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Condition outputChanged = lock.newCondition();

    // These fields are guarded by the lock.
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private final ArrayDeque<byte[]> inFlight = new ArrayDeque<>();
    private long waitingBytes;
    /** The bytes of the first frame in flight that the kernel has taken. */
    private int writtenBytes;

    private @Nullable Link link;
    private Output output = Output.DETACHED;
    /** The reason why no more frames are accepted; null while they are. */
    private @Nullable ClientException refusal;
    /** True if the writer's thread has to end. */
    private boolean ended;
    /** True if the writer was told to shut the output of the link. */
    private boolean outputShut;

    private long discarded;

    SendQueue(QueueBounds bounds, SendPolicy policy) {
        this.bounds = bounds;
        this.policy = policy;
    }

    // ---- for threads that send

    /**
     * Adds a frame, prefix included.
     *
     * @param mayWait false if the calling thread must not wait, as it runs in a callback
     */
    void add(byte[] frame, boolean mayWait) throws ClientException, SendQueueFullException, InterruptedException {
        int bytes = payloadBytes(frame);
        lock.lock();
        try {
            throwIfFinished();
            while (!bounds.admits(waiting.size(), waitingBytes, bytes)) {
                if (policy == SendPolicy.DROP_OLDEST) {
                    waitingBytes -= payloadBytes(waiting.removeFirst());
                    discarded++;
                } else if (policy == SendPolicy.WAIT && mayWait) {
                    room.await();
                    throwIfFinished();
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

    /** Returns the number of accepted packets that were discarded so far. */
    long discarded() {
        lock.lock();
        try {
            return discarded;
        } finally {
            lock.unlock();
        }
    }

    private void throwIfFinished() throws ClientException {
        if (refusal != null) {
            throw refusal.copy();
        }
    }

    // ---- for the writer

    /**
     * Waits for frames and fills {@code batch} with them, ready to be read. The batch before counts as written.
     *
     * @return the link to write the batch to, or to shut if the batch is empty; null when the writer has to end
     */
    @Nullable
    Link next(ByteBuffer batch) {
        lock.lock();
        try {
            if (output == Output.WRITING) {
                become(Output.IDLE);
            }
            while (!ended && !hasWork()) {
                work.awaitUninterruptibly();
            }
            if (ended) {
                return null;
            }
            fill(batch.clear());
            outputShut = !batch.flip().hasRemaining();
            become(Output.WRITING);
            return link;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasWork() {
        boolean shut = refusal != null && !outputShut;
        return output == Output.IDLE && (shut || !waiting.isEmpty() || !inFlight.isEmpty());
    }

    private void fill(ByteBuffer batch) {
        // At most one frame is in flight at this moment: the last one of the batch before, which had no room for all of
        // it.
        assert inFlight.size() <= 1;
        byte[] begun = inFlight.peekFirst();
        if (begun != null) {
            batch.put(begun, writtenBytes, Math.min(begun.length - writtenBytes, batch.remaining()));
        }
        while (batch.hasRemaining() && !waiting.isEmpty()) {
            byte[] frame = waiting.removeFirst();
            waitingBytes -= payloadBytes(frame);
            inFlight.addLast(frame);
            batch.put(frame, 0, Math.min(frame.length, batch.remaining()));
        }
        room.signalAll();
    }

    /** Called when the kernel has taken so many more bytes of the batch. */
    void written(int bytes) {
        lock.lock();
        try {
            writtenBytes += bytes;
            while (!inFlight.isEmpty() && inFlight.getFirst().length <= writtenBytes) {
                writtenBytes -= inFlight.removeFirst().length;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Called when a write has failed. Waits until the link is {@linkplain #detach detached}: its reader also sees the
     * end of the link, and may first read packets that came before it.
     *
     * @return false if that takes longer than {@code nanos}
     */
    boolean failed(long nanos) {
        lock.lock();
        try {
            if (output == Output.WRITING) {
                become(Output.FAILED);
            }
            long left = nanos;
            while (output == Output.FAILED && left > 0) {
                left = outputChanged.awaitNanos(left);
            }
            return output != Output.FAILED;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    // ---- for the supervisor's thread

    /** Gives the queue a link, on which the frames that wait go out. */
    void attach(Link to) {
        lock.lock();
        try {
            assert output == Output.DETACHED : output;
            link = to;
            become(Output.IDLE);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the link away, after it was closed. When this returns, the writer does not use the link any more, and the
     * frames in flight wait again.
     */
    void detach() {
        lock.lock();
        try {
            while (output == Output.WRITING) {
                outputChanged.awaitUninterruptibly();
            }
            link = null;
            become(Output.DETACHED);
            writtenBytes = 0;
            while (!inFlight.isEmpty()) {
                byte[] frame = inFlight.removeLast();
                waiting.addFirst(frame);
                waitingBytes += payloadBytes(frame);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Discards all frames that wait, and returns their number. Call it only while detached. */
    int clear() {
        lock.lock();
        try {
            assert output == Output.DETACHED : output;
            return discardWaiting();
        } finally {
            lock.unlock();
        }
    }

    /** Accepts no more frames. Those that wait still go out if there is a link, which is shut after them. */
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

    /** Ends the queue and the writer. Discards all frames that wait, and returns their number. */
    int end(ClientException why) {
        lock.lock();
        try {
            finish(why);
            ended = true;
            work.signal();
            return discardWaiting();
        } finally {
            lock.unlock();
        }
    }

    private int discardWaiting() {
        int count = waiting.size();
        discarded += count;
        waiting.clear();
        waitingBytes = 0;
        room.signalAll();
        return count;
    }

    private void become(Output next) {
        output = next;
        assert (link == null) == (next == Output.DETACHED) : next;
        outputChanged.signalAll();
    }

    private static int payloadBytes(byte[] frame) {
        return frame.length - Frame.PREFIX_BYTES;
    }
}
