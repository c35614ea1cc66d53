package net.voltlane.backend;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bounds of the copies that are kept for clients, see {@link UndeliveredPackets}: for each session, and for all
 * together.
 *
 * <p>The memory of all copies counts as it is allocated, so not for each packet. One session may hold at most a {@value
 * #SHARE}th of what is free. So clients that acknowledge nothing can't take all of it: some is left for the others.
 *
 * <p>Thread-safe.
 */
final class UndeliveredBudget {
    private static final int SHARE = 16;

    private final long sessionBytes;
    private final int sessionPackets;
    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    UndeliveredBudget(BackendOptions options) {
        sessionBytes = options.undeliveredBytesPerSession();
        sessionPackets = options.undeliveredPacketsPerSession();
        maxBytes = options.undeliveredBytes();
    }

    /** Tells whether anything is kept at all. */
    boolean isKeeping() {
        return sessionBytes > 0 && sessionPackets > 0 && maxBytes > 0;
    }

    /** Tells whether one session may keep so much. */
    boolean admits(int packets, long bytes) {
        return packets <= sessionPackets && bytes <= sessionBytes;
    }

    /** Counts memory that one session takes instead of what it has. Returns false if there is not enough left. */
    boolean exchange(int before, int after) {
        while (true) {
            long all = held.get();
            long free = maxBytes - (all - before);
            if (after > free || after > before && after > Math.max(UndeliveredPackets.FIRST_BYTES, free / SHARE)) {
                return false;
            }
            if (held.compareAndSet(all, all - before + after)) {
                return true;
            }
        }
    }

    /** Counts memory that is given back. */
    void release(int bytes) {
        held.addAndGet(-bytes);
    }

    /** Returns the bytes of memory that all sessions hold. */
    long held() {
        return held.get();
    }
}
