package net.voltlane.backend;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Rate-limited lines about faults: at most one in ten seconds, with how many there were, so that neither a peer nor a
 * bug can fill the disk. Any thread.
 */
final class RateLimitedLog {
    static final long INTERVAL_NANOS = 10_000_000_000L;

    private final Logger log;
    private final Level level;
    private final String subject;
    private final LongSupplier nanoClock;
    private final AtomicLong faults = new AtomicLong();
    private final AtomicBoolean any = new AtomicBoolean();
    private final AtomicLong lastNanos = new AtomicLong();

    /** The subject is what is counted: many of them, as it stands before a colon and a number. */
    RateLimitedLog(Logger log, Level level, String subject, LongSupplier nanoClock) {
        this.log = log;
        this.level = level;
        this.subject = Character.toUpperCase(subject.charAt(0)) + subject.substring(1);
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
            log.atLevel(level).setCause(error).log("{}: {}; the last: {}", subject, faults.getAndSet(0), what);
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
