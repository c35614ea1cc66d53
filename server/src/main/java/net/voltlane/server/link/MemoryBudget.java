package net.voltlane.server.link;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sum of what the server holds for its peers: unfinished frames, what sockets did not take, what was missed. Only
 * what waits is charged, never what passes straight through, so the counter is touched on slow paths alone.
 * Thread-safe.
 *
 * <p>Frames that are cut out of a buffer are charged with what they really pin.
 */
public final class MemoryBudget implements MemoryAccount {
    private volatile long limitBytes;
    private final AtomicLong chargedBytes = new AtomicLong();
    private final AtomicLong uncountedBytes = new AtomicLong();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Runnable onExceeded = () -> {};

    public MemoryBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** What to do when the limit is passed: called on any thread, not again before {@link #listen} was called. */
    public void onExceeded(Runnable action) {
        onExceeded = action;
    }

    @Override
    public void charge(long bytes) {
        if (bytes == 0) {
            return;
        }
        long now = chargedBytes.addAndGet(bytes);
        if (bytes > 0 && now > limitBytes && told.compareAndSet(false, true)) {
            onExceeded.run();
        }
    }

    /** Takes note of {@code bytes} more, or fewer, that count against no limit: freeing others' would not free them. */
    public void hold(long bytes) {
        if (bytes != 0) {
            uncountedBytes.addAndGet(bytes);
        }
    }

    /**
     * The next charge over the limit calls again. To be called before memory is freed: what comes meanwhile is told,
     * too.
     */
    public void listen() {
        told.set(false);
    }

    /** Changes the limit. If more than that is charged already, it is told like a charge over the limit. */
    public void limit(long bytes) {
        limitBytes = bytes;
        if (isExceeded() && told.compareAndSet(false, true)) {
            onExceeded.run();
        }
    }

    /** What counts against the limit. */
    public long chargedBytes() {
        return chargedBytes.get();
    }

    /** Everything. */
    public long heldBytes() {
        return chargedBytes.get() + uncountedBytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** More is charged than may be. */
    public boolean isExceeded() {
        return chargedBytes.get() > limitBytes;
    }
}
