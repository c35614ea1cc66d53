package net.voltlane.server.session;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The bound on what one task of the session loop looks at: {@link #SESSIONS} sessions, and, where the memory is slow,
 * fewer. Belongs to the session loop.
 */
final class Slice {
    static final int SESSIONS = 256;
    static final long NANOS = TimeUnit.MICROSECONDS.toNanos(250);
    /** Sessions between two readings of the clock. */
    private static final int STRIDE = 32;

    private final LongSupplier nanoClock;
    private final long begunAtNanos;
    private int sessions;

    Slice(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        begunAtNanos = nanoClock.getAsLong();
    }

    /** Counts a session that is to be looked at; false where that is one too many for this task. */
    boolean hasRoom() {
        if (sessions == SESSIONS
                || sessions > 0 && sessions % STRIDE == 0 && nanoClock.getAsLong() - begunAtNanos >= NANOS) {
            return false;
        }
        sessions++;
        return true;
    }
}
