package net.voltlane.server.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Warns of peers' faults, at most once in ten seconds, with how many there were: what strangers do must not fill the
 * disk. Belongs to one loop; the counters by reason know each of them. Mistakes of our own are errors, with a stack
 * trace, and as rare.
 */
public final class FaultLog {
    static final long INTERVAL_NANOS = 10_000_000_000L;

    private final Logger log;
    private final String subject;
    private final LongSupplier nanoClock;
    private long faults;
    private long lastNanos;
    private boolean warned;
    private long mistakes;
    private long lastMistakeNanos;
    private boolean toldOfMistake;

    /** @param subject what is counted, as it stands behind a number */
    public FaultLog(Logger log, String subject, LongSupplier nanoClock) {
        this.log = log;
        this.subject = subject;
        this.nanoClock = nanoClock;
    }

    /** @param what the fault in words of our own, never bytes of the peer's */
    public void warn(String what) {
        if (isDue()) {
            log.warn("{} {}, the last: {}", faults, subject, what);
            faults = 0;
        }
    }

    /**
     * The same of one peer.
     *
     * @param from its address, which is made a text only where it is told
     */
    public void warn(String what, Object from) {
        if (isDue()) {
            log.warn("{} {}, the last: {}, from {}", faults, subject, what, from);
            faults = 0;
        }
    }

    private boolean isDue() {
        faults++;
        long now = nanoClock.getAsLong();
        if (warned && now - lastNanos < INTERVAL_NANOS) {
            return false;
        }
        warned = true;
        lastNanos = now;
        return true;
    }

    /**
     * An exception of a link whose transport throws nothing but {@link IOException}, or one around it where its poller
     * finds the socket gone: of any other it is told as an error.
     */
    public void thrown(String link, Throwable cause) {
        if (cause instanceof IOException || cause instanceof UncheckedIOException) {
            log.debug("{}: {}", link, cause.toString());
            return;
        }
        mistakes++;
        long now = nanoClock.getAsLong();
        if (!toldOfMistake || now - lastMistakeNanos >= INTERVAL_NANOS) {
            toldOfMistake = true;
            lastMistakeNanos = now;
            log.error("internal error ({} of them), {} is closed", mistakes, link, cause);
            mistakes = 0;
        }
    }
}
