package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The queue of packets to be written to one firehose. Any thread appends packets, and the firehose's writer takes
 * chunks.
 *
 * <p>Thread-safe, by one lock. It is held while a packet is copied, never around a socket operation. Packets that are
 * appended during a write go out together in the next write. While the reader works through a burst, most answers come
 * within a millisecond. So the writer waits for the end of the burst or for a full chunk, and needs one write instead
 * of two. It waits for a moment only, so that a slow handler does not delay the answers of others.
 *
 * <pre>
 *            finish()                                   writer has written all
 *   OPEN  -------------&gt;  FINISHING (takes nothing)  --------------------------&gt;  end of output
 *     |                       |
 *     | breakOff()            | breakOff()
 *     v                       v
 *   BROKEN (takes what fits, nobody waits)  --- close() ---&gt;  CLOSED (everything was given back)
 * </pre>
 */
final class Outbox {
    /** The size of a chunk: large enough to make the cost of a system call small, small enough to show progress. */
    static final int CHUNK_BYTES = 64 * 1024;

    private static final long LINGER_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /** The result of appending a packet. */
    enum Result {
        /** The packet will be written, or kept for the next firehose. */
        QUEUED,
        /** There was no room, and the wait for it was not allowed or was ended. */
        REFUSED,
        /** The outbox is closed; the session may have moved to another firehose. */
        CLOSED
    }

    private enum State {
        OPEN,
        FINISHING,
        BROKEN,
        CLOSED
    }

    private final QueueBounds bounds;
    private final int chunkBytes;
    private final LongSupplier nanoClock;

    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled for the writer. */
    private final Condition work = lock.newCondition();
    /** Signalled for senders that wait for room. */
    private final Condition room = lock.newCondition();

    // These fields are guarded by the lock.
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();

    private final ChunkPool pool;
    private @Nullable Chunk inFlight;
    private State state = State.OPEN;
    private long queuedBytes;
    private long progressNanos;
    private int waitingSenders;
    /** True if a packet was refused since {@link Handler#writable} was last called for this firehose. */
    private boolean hasRefused;

    private boolean bursting;
    private boolean writerIsIdle;
    private boolean writerLingers;

    Outbox(long maxBytes, int chunkBytes, LongSupplier nanoClock) {
        bounds = QueueBounds.ofBytes(maxBytes);
        this.chunkBytes = chunkBytes;
        this.nanoClock = nanoClock;
        pool = new ChunkPool(chunkBytes);
    }

    // ---- for senders

    /** Queues a Data packet. Waits for room if {@code mayWait}. An interrupt ends the wait and stays set. */
    Result append(long id, byte[] data, int offset, int length, boolean mayWait) {
        lock.lock();
        try {
            Result result = admit(Tag.FRAME_HEADER_BYTES + length, mayWait);
            if (result == Result.QUEUED) {
                begin(id, Flag.DATA, length).put(data, offset, length);
                appended(Tag.FRAME_HEADER_BYTES + length);
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Queues a Data packet from a buffer, whose position does not change. */
    Result append(long id, ByteBuffer data, boolean mayWait) {
        lock.lock();
        try {
            int length = data.remaining();
            Result result = admit(Tag.FRAME_HEADER_BYTES + length, mayWait);
            if (result == Result.QUEUED) {
                begin(id, Flag.DATA, length).put(data, length);
                appended(Tag.FRAME_HEADER_BYTES + length);
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues a Kick, even if there is no room for data. Returns false once kicks have filled as much space again as
     * data may. That happens only on a firehose that takes nothing, which has to be cut.
     */
    boolean appendKick(long id) {
        lock.lock();
        try {
            if (state == State.OPEN || state == State.BROKEN) {
                if (queuedBytes / 2 >= Math.max(bounds.bytes(), CHUNK_BYTES)) {
                    return false;
                }
                begin(id, Flag.KICK, 0);
                appended(Tag.FRAME_HEADER_BYTES);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Queues a Kick if less than half of the space is used, and does nothing otherwise. */
    void tryKick(long id) {
        if (queuedBytes() < bounds.bytes() / 2) {
            appendKick(id);
        }
    }

    /** Queues a frame that was kept for a session while it was away. It is queued even if there is no room. */
    void appendKept(byte[] frame) {
        lock.lock();
        try {
            if (state == State.OPEN || state == State.BROKEN) {
                chunkFor(frame.length).putFrame(frame);
                appended(frame.length);
            }
        } finally {
            lock.unlock();
        }
    }

    long queuedBytes() {
        lock.lock();
        try {
            return queuedBytes;
        } finally {
            lock.unlock();
        }
    }

    boolean isWritable() {
        lock.lock();
        try {
            return state == State.OPEN && queuedBytes < bounds.bytes() && !hasRefused;
        } finally {
            lock.unlock();
        }
    }

    private Result admit(int frameBytes, boolean mayWait) {
        while (state == State.OPEN && isFullFor(frameBytes)) {
            if (!mayWait) {
                hasRefused = true;
                return Result.REFUSED;
            }
            waitingSenders++;
            try {
                room.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Result.REFUSED;
            } finally {
                waitingSenders--;
            }
        }
        return switch (state) {
            case OPEN -> Result.QUEUED;
            case BROKEN -> {
                hasRefused |= !mayWait && isFullFor(frameBytes);
                yield isFullFor(frameBytes) ? Result.REFUSED : Result.QUEUED;
            }
            case FINISHING -> Result.REFUSED;
            case CLOSED -> Result.CLOSED;
        };
    }

    private boolean isFullFor(int frameBytes) {
        return !bounds.admits(queuedBytes > 0 ? 1 : 0, queuedBytes, frameBytes);
    }

    private Chunk begin(long id, Flag flag, int length) {
        Chunk chunk = chunkFor(Tag.FRAME_HEADER_BYTES + length);
        chunk.begin(id, flag, length);
        return chunk;
    }

    private Chunk chunkFor(int frameBytes) {
        Chunk last = chunks.peekLast();
        if (last == null || last.room() < frameBytes) {
            last = pool.take(frameBytes);
            chunks.add(last);
        }
        return last;
    }

    private void appended(int frameBytes) {
        assert lock.isHeldByCurrentThread();
        if (queuedBytes == 0) {
            progressNanos = nanoClock.getAsLong();
        }
        queuedBytes += frameBytes;
        if (writerIsIdle || writerLingers && queuedBytes >= chunkBytes) {
            wakeWriter();
        }
    }

    // ---- for the reader

    /** Called before the reader handles a burst of packets. */
    void beginBurst() {
        lock.lock();
        try {
            bursting = true;
        } finally {
            lock.unlock();
        }
    }

    void endBurst() {
        lock.lock();
        try {
            bursting = false;
            if (writerLingers) {
                wakeWriter();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- for the writer

    /** Waits for a chunk to write, and returns it. Returns null when there will be no more. */
    @Nullable
    Chunk take() throws InterruptedException {
        lock.lock();
        try {
            while (chunks.isEmpty() && state == State.OPEN) {
                writerIsIdle = true;
                work.await();
            }
            writerIsIdle = false;
            if (bursting && state == State.OPEN && queuedBytes < chunkBytes) {
                writerLingers = true;
                long left = LINGER_NANOS;
                while (writerLingers && left > 0) {
                    left = work.awaitNanos(left);
                }
                writerLingers = false;
            }
            if (state == State.BROKEN || state == State.CLOSED) {
                return null;
            }
            inFlight = chunks.poll();
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Called when the socket has taken {@code count} bytes of the chunk from {@link #take}.
     *
     * @return whether {@link Handler#writable} has to be called
     */
    boolean taken(Chunk chunk, int count) {
        lock.lock();
        try {
            chunk.taken(count);
            queuedBytes -= count;
            progressNanos = nanoClock.getAsLong();
            if (chunk.isTaken()) {
                inFlight = null;
                pool.recycle(chunk);
            }
            if (queuedBytes > bounds.bytes() / 2) {
                return false;
            }
            if (waitingSenders > 0) {
                room.signalAll();
            }
            boolean tell = hasRefused;
            hasRefused = false;
            return tell;
        } finally {
            lock.unlock();
        }
    }

    private void wakeWriter() {
        assert lock.isHeldByCurrentThread();
        writerIsIdle = false;
        writerLingers = false;
        work.signal();
    }

    // ---- the end

    /** Returns how long the socket has taken nothing although packets wait; 0 if none waits. */
    long stalledNanos(long nowNanos) {
        lock.lock();
        try {
            return queuedBytes == 0 ? 0 : nowNanos - progressNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Accepts no more packets. Those that are queued will be written. */
    void finish() {
        lock.lock();
        try {
            if (state == State.OPEN) {
                state = State.FINISHING;
                wakeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called when the link is lost: the writer ends, and senders stop waiting. */
    void breakOff() {
        lock.lock();
        try {
            if (state != State.CLOSED) {
                state = State.BROKEN;
                wakeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns every frame that the socket has not taken whole, in order. Called when the writer has ended.
     *
     * @return whether a packet was refused since {@link Handler#writable} was last called
     */
    boolean close(Chunk.Sink sink) {
        lock.lock();
        try {
            state = State.CLOSED;
            if (inFlight != null) {
                inFlight.leftovers(sink);
                inFlight = null;
            }
            for (Chunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
                chunk.leftovers(sink);
            }
            pool.clear();
            queuedBytes = 0;
            wakeAll();
            return hasRefused;
        } finally {
            lock.unlock();
        }
    }

    private void wakeAll() {
        wakeWriter();
        room.signalAll();
    }
}
