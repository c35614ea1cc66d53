package net.voltlane.backend;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The waits of a writer of a {@link ServerOutbox}. Guarded by the outbox's lock.
 *
 * <pre>
 *              nothing to write     a time without work or burst
 *   WRITING ---------------------&gt; RESTING --------------------&gt; SLEEPING
 *      ^                              |                              |
 *      +-------- work was added ------+     work, or a burst begins  |
 *      |                              ^------------------------------+
 *      +-- LINGERING: until the end of the reader's burst, a full chunk, or half a millisecond
 * </pre>
 *
 * A writer that rests looks for something to acknowledge when its time is over. So packets that come one by one cost
 * neither a write nor a wake-up each.
 */
final class WriterPace {
    private static final long LINGER_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final Condition work;
    private final int chunkBytes;
    private boolean bursting;
    private boolean waiting;
    private boolean sleeping;
    private boolean lingering;

    /** @param chunkBytes so many bytes are worth a write of their own */
    WriterPace(ReentrantLock lock, int chunkBytes) {
        work = lock.newCondition();
        this.chunkBytes = chunkBytes;
    }

    // ---- for others

    void beginBurst() {
        bursting = true;
        if (sleeping) {
            wake();
        }
    }

    void endBurst() {
        bursting = false;
        if (lingering) {
            wake();
        }
    }

    /** Tells whether the reader is at work. */
    boolean isBursting() {
        return bursting;
    }

    /** Called when something to write was added; so many bytes wait by now. */
    void added(long unwrittenBytes) {
        if (waiting || lingering && unwrittenBytes >= chunkBytes) {
            wake();
        }
    }

    void wake() {
        waiting = false;
        sleeping = false;
        lingering = false;
        work.signal();
    }

    // ---- for the writer

    /** Waits for work for so long. Returns true if the time is over. */
    boolean rest(long nanos) throws InterruptedException {
        waiting = true;
        long left = nanos;
        while (waiting && left > 0) {
            left = work.awaitNanos(left);
        }
        boolean over = waiting;
        waiting = false;
        return over;
    }

    /** Waits for work or for the begin of a burst. */
    void sleep() throws InterruptedException {
        waiting = true;
        sleeping = true;
        while (waiting) {
            work.await();
        }
    }

    /** Waits for a moment, if more will come in a burst. */
    void linger(long unwrittenBytes) throws InterruptedException {
        if (!bursting || unwrittenBytes >= chunkBytes) {
            return;
        }
        lingering = true;
        long left = LINGER_NANOS;
        while (lingering && left > 0) {
            left = work.awaitNanos(left);
        }
        lingering = false;
    }
}
