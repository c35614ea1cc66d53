package net.voltlane.backend;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * A rate-limited log of faults. It writes at most one line in ten seconds, with the number of faults, so that neither a
 * peer nor a bug can fill the disk. Thread-safe.
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

    /** @param subject the name of what is counted, in the plural; the line continues with a colon and the number */
    RateLimitedLog(Logger log, Level level, String subject, LongSupplier nanoClock) {
        this.log = log;
        this.level = level;
        this.subject = Character.toUpperCase(subject.charAt(0)) + subject.substring(1);
        this.nanoClock = nanoClock;
    }

    /**
     * Counts a fault, and logs it if the last line is old enough.
     *
     * @param what the fault in this library's words, never bytes from a peer
     * @param error an error of this library or of the application, logged with its stack trace; null for a peer's fault
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
