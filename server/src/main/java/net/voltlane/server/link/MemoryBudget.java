package net.voltlane.server.link;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sum of what the server holds for its peers: unfinished frames, what sockets did not take, what was missed. Only
 * what waits is charged, never what passes straight through, so the counter is touched on slow paths alone. Thread-safe.
 *
 * <p>Frames that are cut out of a buffer are charged with what they really pin.
 */
public final class MemoryBudget {
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicBoolean shedding = new AtomicBoolean();
    private volatile Runnable onExceeded = () -> {};

    public MemoryBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** What to do when the limit is passed: called on any thread, not again before {@link #shed} was called. */
    public void onExceeded(Runnable action) {
        onExceeded = action;
    }

    /** Charges {@code bytes} more, or fewer where negative. */
    public void charge(long bytes) {
        if (bytes == 0) {
            return;
        }
        long now = heldBytes.addAndGet(bytes);
        if (bytes > 0 && now > limitBytes && shedding.compareAndSet(false, true)) {
            onExceeded.run();
        }
    }

    /** Says that memory has been freed, or is about to be: the next charge over the limit calls again. */
    public void shed() {
        shedding.set(false);
    }

    public long heldBytes() {
        return heldBytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }
}
