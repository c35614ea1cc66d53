package net.voltlane.server.link;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the server holds for its peers: unfinished frames, packets that sockets did not take, missed packets.
 * Only packets that wait are charged, never those that pass straight through, so the counter is touched on slow paths
 * alone. Frames that are cut out of a buffer are charged with the memory that they pin. Thread-safe.
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

    /** Sets what follows when the limit is passed. Called on any thread, and not again before {@link #listen}. */
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

    /**
     * Notes {@code bytes} more, or fewer if negative, that count against no limit: ending a session would not free
     * them.
     */
    public void hold(long bytes) {
        if (bytes != 0) {
            uncountedBytes.addAndGet(bytes);
        }
    }

    /** Has the next charge over the limit call again. Comes before memory is freed, so that no charge is missed. */
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

    /** The bytes that count against the limit. */
    public long chargedBytes() {
        return chargedBytes.get();
    }

    /** All bytes that are held, whether they count or not. */
    public long heldBytes() {
        return chargedBytes.get() + uncountedBytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** True while more is charged than the limit allows. */
    public boolean isExceeded() {
        return chargedBytes.get() > limitBytes;
    }
}
