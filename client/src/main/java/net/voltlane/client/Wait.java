package net.voltlane.client;

import java.util.concurrent.TimeUnit;

/**
 * How long one thread waits for its server. Waits in short pieces, of which each counts for little more than it should
 * take: a process that was stopped for a while, or a laptop that slept, must not take the server for slow.
 */
final class Wait {
    private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** So much longer a piece may take on a busy machine, and count. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private long leftNanos;
    private long lastNanos;

    Wait(long nanos, long nowNanos) {
        leftNanos = nanos;
        lastNanos = nowNanos;
    }

    /** Whether the time is over. To be asked before and after each piece. */
    boolean isOver(long nowNanos) {
        leftNanos -= Math.min(nowNanos - lastNanos, PIECE_NANOS + LATE_NANOS);
        lastNanos = nowNanos;
        return leftNanos <= 0;
    }

    /** How long the next piece is, at least a millisecond. */
    int pieceMillis() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(Math.min(leftNanos, PIECE_NANOS)));
    }
}
