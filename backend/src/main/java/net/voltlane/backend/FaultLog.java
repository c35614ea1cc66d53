package net.voltlane.backend;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Tells of faults at most once in ten seconds, with how many there were: neither a peer nor a bug may fill the disk.
 * Any thread.
 */
final class FaultLog {
    static final long INTERVAL_NANOS = 10_000_000_000L;

    private final Logger log;
    private final Level level;
    private final String subject;
    private final LongSupplier nanoClock;
    private final AtomicLong faults = new AtomicLong();
    private final AtomicBoolean any = new AtomicBoolean();
    private final AtomicLong lastNanos = new AtomicLong();

    /** The subject is what is counted, as it stands behind a number. */
    FaultLog(Logger log, Level level, String subject, LongSupplier nanoClock) {
        this.log = log;
        this.level = level;
        this.subject = subject;
        this.nanoClock = nanoClock;
    }

    /**
     * One more.
     *
     * @param what the fault in words of our own, never bytes of a peer's
     * @param error ours or the application's, with its stack trace; null for a peer's fault
     */
    void add(String what, @Nullable Throwable error) {
        faults.incrementAndGet();
        if (isDue()) {
            log.atLevel(level).setCause(error).log("{} {}, the last: {}", faults.getAndSet(0), subject, what);
        }
    }

    private boolean isDue() {
        long now = nanoClock.getAsLong();
        if (any.compareAndSet(false, true)) {
            lastNanos.set(now);
            return true;
        }
        long last = lastNanos.get();
        return now - last >= INTERVAL_NANOS && lastNanos.compareAndSet(last, now);
    }
}
