package net.voltlane.client;

import java.util.concurrent.TimeUnit;

/**
 * A timeout that does not count pauses of its own process. A thread waits for its server in short pieces, and each
 * piece counts for little more than its length. So a process that was stopped for a while, or a laptop that slept, does
 * not blame the server. For one thread.
 */
final class PauseTolerantTimeout {
    private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** The delay of a piece that still counts, as it is normal on a busy machine. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private long leftNanos;
    private long lastNanos;

    PauseTolerantTimeout(long nanos, long nowNanos) {
        leftNanos = nanos;
        lastNanos = nowNanos;
    }

    /**
     * Counts the time since the last call, and tells whether the timeout is over. Call it before and after each piece.
     */
    boolean isOver(long nowNanos) {
        leftNanos -= Math.min(nowNanos - lastNanos, PIECE_NANOS + LATE_NANOS);
        lastNanos = nowNanos;
        return leftNanos <= 0;
    }

    /** Returns the length of the next piece, at least 1 ms. */
    int pieceMillis() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(Math.min(leftNanos, PIECE_NANOS)));
    }
}
