package net.voltlane.server.session;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time after the return of a store that servers share. It may have come back empty, and each server writes its sessions
 * again, so a session whose record is not there may be about to get one. Belongs to the session loop.
 */
final class StoreReturn {
    /** The time in which the other servers find the store again, and have written their sessions. */
    static final long REWRITE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final boolean isShared;
    private final LongSupplier nanoClock;
    private boolean isBack;
    private long sinceNanos;

    /** @param isShared false if no other server uses the store */
    StoreReturn(boolean isShared, LongSupplier nanoClock) {
        this.isShared = isShared;
        this.nanoClock = nanoClock;
    }

    /** The store is back. */
    void back() {
        isBack = true;
        sinceNanos = nanoClock.getAsLong();
    }

    /** True if a session may live at another server although the store does not have its record. */
    boolean mayMissOthers() {
        return isShared && isBack && nanoClock.getAsLong() - sinceNanos < REWRITE_NANOS;
    }
}
