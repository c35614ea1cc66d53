package net.voltlane.server.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.LongSupplier;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A log of peers' faults that writes at most one line in ten seconds, with the number of faults and their reasons, so
 * that a flood of bad connections can't fill the disk. At Debug each fault has a line. Errors of the server are logged
 * with their stack traces, and as rarely. Belongs to one loop.
 *
 * <pre>
 *   Rejected 1 client: unsupported protocol version (last: 203.0.113.7)
 *   Rejected 17 clients: 12 unsupported protocol version, 5 invalid public key (last: 203.0.113.7)
 * </pre>
 */
public final class RateLimitedLog {
    static final long INTERVAL_NANOS = 10_000_000_000L;
    /** The number of reasons that a line tells apart. Faults of further reasons are summed. */
    static final int MAX_REASONS = 8;

    private static final String OTHERS = "for other reasons";

    private final Logger log;
    private final LogEvent event;
    private final String verb;
    private final String one;
    private final String many;
    private final LongSupplier nanoClock;

    /** The reasons that no line has told yet, in the order in which they came, and the number of faults for each. */
    private final String[] reasons = new String[MAX_REASONS + 1];

    private final long[] counts = new long[MAX_REASONS + 1];
    private int reasonCount;

    private long lastNanos;
    private boolean warned;
    private long mistakes;
    private long lastMistakeNanos;
    private boolean toldOfMistake;

    /**
     * A log of one kind of fault.
     *
     * @param event the kind of lines
     * @param verb what is done about it, such as {@code Rejected}
     * @param one what that is done to, such as {@code client}
     * @param many the plural of {@code one}
     */
    public RateLimitedLog(Logger log, LogEvent event, String verb, String one, String many, LongSupplier nanoClock) {
        this.log = log;
        this.event = event;
        this.verb = verb;
        this.one = one;
        this.many = many;
        this.nanoClock = nanoClock;
    }

    /** @param why the reason in words of our own, never bytes of the peer's */
    public void warn(String why) {
        add(why, null);
    }

    /**
     * Adds a fault of a certain peer.
     *
     * @param why the reason in words of our own, never bytes of the peer's
     * @param from the peer's address, of which a text is made only for a line
     */
    public void warn(String why, Object from) {
        add(why, from);
    }

    private void add(String why, @Nullable Object from) {
        count(why);
        long now = nanoClock.getAsLong();
        if (!warned || now - lastNanos >= INTERVAL_NANOS) {
            warned = true;
            lastNanos = now;
            tell(event.on(log), why, from)
                    .addKeyValue(LogField.COUNT.key(), sum())
                    .log(line(from));
            Arrays.fill(reasons, null);
            reasonCount = 0;
        } else if (log.isDebugEnabled()) {
            tell(event.on(log, Level.DEBUG), why, from)
                    .log("{} 1 {}: {}{}", verb, one, why, from == null ? "" : " (" + from + ")");
        }
    }

    private void count(String why) {
        int at = 0;
        while (at < reasonCount && at < MAX_REASONS && !why.equals(reasons[at])) {
            at++;
        }
        if (at == reasonCount) {
            reasons[at] = at < MAX_REASONS ? why : OTHERS;
            counts[at] = 0;
            reasonCount++;
        }
        counts[at]++;
    }

    /** Adds what the line says as fields. The reason and the address are those of the last fault. */
    private static LoggingEventBuilder tell(LoggingEventBuilder line, String why, @Nullable Object from) {
        LoggingEventBuilder withReason = line.addKeyValue(LogField.REASON.key(), why);
        return from == null ? withReason : withReason.addKeyValue(LogField.ADDRESS.key(), from);
    }

    private long sum() {
        return Arrays.stream(counts, 0, reasonCount).sum();
    }

    private String line(@Nullable Object from) {
        long sum = sum();
        StringBuilder line = new StringBuilder(verb).append(' ').append(sum).append(' ');
        line.append(sum == 1 ? one : many).append(':');
        for (int i = 0; i < reasonCount; i++) {
            line.append(i == 0 ? " " : ", ");
            if (reasonCount > 1) {
                line.append(counts[i]).append(' ');
            }
            line.append(reasons[i]);
        }
        return from == null ? line.toString() : line + " (last: " + from + ")";
    }

    /**
     * Logs an exception that closes a link: at Debug where the transport throws it, which is an {@link IOException} or
     * one around it where its poller finds the socket gone; any other is a mistake of ours, and an error.
     *
     * @param link what is closed, such as {@code the link of client 7}
     */
    public void thrown(String link, Throwable cause) {
        if (cause instanceof IOException || cause instanceof UncheckedIOException) {
            log.debug("Closed {}: {}", link, SystemWords.of(cause));
            return;
        }
        mistakes++;
        long now = nanoClock.getAsLong();
        if (!toldOfMistake || now - lastMistakeNanos >= INTERVAL_NANOS) {
            toldOfMistake = true;
            lastMistakeNanos = now;
            String others = mistakes == 1 ? "" : " (" + mistakes + " links were closed like this since the last line)";
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(cause)
                    .log("Internal error, please report it: closed {}{}", link, others);
            mistakes = 0;
        }
    }
}
