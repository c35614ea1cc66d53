package net.voltlane.server.uplink;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of skipped packets, at most once in ten seconds, with how many there were. Belongs to the session loop. */
final class SkipLog {
    static final long INTERVAL_NANOS = 10_000_000_000L;
    private static final Logger log = LoggerFactory.getLogger(SkipLog.class);

    private final LongSupplier nanoClock;
    private long skipped;
    private long lastNanos;
    private boolean warned;

    SkipLog(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    void skipped(String why) {
        skipped++;
        long now = nanoClock.getAsLong();
        if (!warned || now - lastNanos >= INTERVAL_NANOS) {
            warned = true;
            lastNanos = now;
            log.warn("{} packet(s) from the master skipped, the last one {}", skipped, why);
            skipped = 0;
        }
    }
}
