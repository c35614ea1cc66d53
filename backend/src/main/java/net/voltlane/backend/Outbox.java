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
 * What waits to be written to one firehose: any thread appends, the firehose's writer takes chunks.
 *
 * <p>The lock is held for as long as it takes to copy a packet, never around a socket. Packets that are appended while
 * a write is under way go out together in the next. While the reader works through a burst, whose answers mostly come
 * within the same millisecond, the writer waits for its end or for a full chunk: one write, not one for the first
 * packet and another for the rest. It waits a moment only, so that an answer does not depend on a handler that takes
 * its time.
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
    /** Large enough that a system call costs nothing beside its bytes, small enough to be progress. */
    static final int CHUNK_BYTES = 64 * 1024;

    private static final int MAX_SPARE_CHUNKS = 16;
    private static final long LINGER_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /** What came of a packet. */
    enum Result {
        /** It will be written, or kept for the next firehose. */
        QUEUED,
        /** There was no room, or no time left to wait for it. */
        REFUSED,
        /** Not here: the session may have moved on to another firehose. */
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
    /** For the writer. */
    private final Condition work = lock.newCondition();
    /** For senders. */
    private final Condition room = lock.newCondition();

    /** The rest is guarded by the lock. */
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();

    private final ArrayDeque<Chunk> spare = new ArrayDeque<>();
    private @Nullable Chunk inFlight;
    private State state = State.OPEN;
    private long queuedBytes;
    private long progressNanos;
    private int waitingSenders;
    private boolean refusedSomebody;
    private boolean bursting;
    private boolean writerIsIdle;
    private boolean writerLingers;

    Outbox(long maxBytes, int chunkBytes, LongSupplier nanoClock) {
        bounds = QueueBounds.ofBytes(maxBytes);
        this.chunkBytes = chunkBytes;
        this.nanoClock = nanoClock;
    }

    // ---- for senders

    /** Queues a Data packet. Waits for room if it may; an interrupt ends the waiting, and stays set. */
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

    /** As the other, from a buffer, whose position stays where it is. */
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
     * Queues a Kick, even where data finds no room. False if kicks have filled as much again as data may, which takes
     * a firehose that takes nothing: it has to be cut.
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

    /** Queues a Kick if less than half of the room is used; nobody relies on it. */
    void tryKick(long id) {
        if (queuedBytes() < bounds.bytes() / 2) {
            appendKick(id);
        }
    }

    /** Queues a frame that was kept for a session while it was away. It was counted there, so it needs no room here. */
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
            return state == State.OPEN && queuedBytes < bounds.bytes() && !refusedSomebody;
        } finally {
            lock.unlock();
        }
    }

    private Result admit(int frameBytes, boolean mayWait) {
        while (state == State.OPEN && isFullFor(frameBytes)) {
            if (!mayWait) {
                refusedSomebody = true;
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
                refusedSomebody |= !mayWait && isFullFor(frameBytes);
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
            Chunk unused = frameBytes <= chunkBytes ? spare.pollLast() : null;
            last = unused != null ? unused : new Chunk(Math.max(frameBytes, chunkBytes));
            chunks.add(last);
        }
        return last;
    }

    private void appended(int frameBytes) {
        if (queuedBytes == 0) {
            progressNanos = nanoClock.getAsLong();
        }
        queuedBytes += frameBytes;
        if (writerIsIdle || writerLingers && queuedBytes >= chunkBytes) {
            wakeWriter();
        }
    }

    // ---- for the reader

    /** Packets are about to be handled one after the other. */
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

    /** What is to be written next; waits for it. Null when there will be nothing more. */
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
     * The socket has taken {@code count} bytes of what {@link #take} gave.
     *
     * @return whether somebody is to be told that there is room again
     */
    boolean taken(Chunk chunk, int count) {
        lock.lock();
        try {
            chunk.taken(count);
            queuedBytes -= count;
            progressNanos = nanoClock.getAsLong();
            if (chunk.isTaken()) {
                inFlight = null;
                recycle(chunk);
            }
            if (queuedBytes > bounds.bytes() / 2) {
                return false;
            }
            if (waitingSenders > 0) {
                room.signalAll();
            }
            boolean tell = refusedSomebody;
            refusedSomebody = false;
            return tell;
        } finally {
            lock.unlock();
        }
    }

    private void recycle(Chunk chunk) {
        if (chunk.capacity() == chunkBytes && spare.size() < MAX_SPARE_CHUNKS) {
            chunk.clear();
            spare.add(chunk);
        }
    }

    private void wakeWriter() {
        writerIsIdle = false;
        writerLingers = false;
        work.signal();
    }

    // ---- the end

    /** For how long the socket has taken nothing of what waits for it; 0 if nothing waits. */
    long stalledNanos(long nowNanos) {
        lock.lock();
        try {
            return queuedBytes == 0 ? 0 : nowNanos - progressNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what is there will be written. */
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

    /** The link is lost. */
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
     * Gives back, in order, every frame that the socket has not wholly taken; when the writer has come to its end.
     *
     * @return whether somebody was refused who has not been told yet that there is room again
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
            spare.clear();
            queuedBytes = 0;
            wakeAll();
            return refusedSomebody;
        } finally {
            lock.unlock();
        }
    }

    private void wakeAll() {
        wakeWriter();
        room.signalAll();
    }
}
