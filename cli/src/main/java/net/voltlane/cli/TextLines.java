package net.voltlane.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * Lines for people: {@code 2026-01-31T23:59:59.123Z INFO  Thing - message}, the time in the local zone, and
 * the stack trace below it if there is one. A pattern of Logback's could do the same, but parsing it takes a tenth of a
 * start.
 */
final class TextLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NONE = {};
    private static final int LEVEL_WIDTH = 5;

    /** A ZoneId would look through all jars for more rules of zones, which takes a tenth of a start. */
    private final TimeZone zone;

    TextLines() {
        this(TimeZone.getDefault());
    }

    TextLines(TimeZone zone) {
        this.zone = zone;
    }

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder out = new StringBuilder(160);
        time(out, event.getTimeStamp());
        String level = event.getLevel().toString();
        out.append(' ').append(level);
        for (int i = level.length(); i < LEVEL_WIDTH; i++) {
            out.append(' ');
        }
        String logger = event.getLoggerName();
        out.append(' ').append(logger, logger.lastIndexOf('.') + 1, logger.length());
        out.append(" - ").append(event.getFormattedMessage()).append('\n');
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            out.append(ThrowableProxyUtil.asString(error));
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }

    /** ISO 8601 with milliseconds. */
    private void time(StringBuilder out, long epochMillis) {
        OffsetDateTime time = Instant.ofEpochMilli(epochMillis)
                .atOffset(ZoneOffset.ofTotalSeconds(zone.getOffset(epochMillis) / 1000));
        digits(out, time.getYear(), 4).append('-');
        digits(out, time.getMonthValue(), 2).append('-');
        digits(out, time.getDayOfMonth(), 2).append('T');
        digits(out, time.getHour(), 2).append(':');
        digits(out, time.getMinute(), 2).append(':');
        digits(out, time.getSecond(), 2).append('.');
        digits(out, time.getNano() / 1_000_000, 3);
        offset(out, time.getOffset());
    }

    private static void offset(StringBuilder out, ZoneOffset offset) {
        int minutes = offset.getTotalSeconds() / 60;
        if (minutes == 0) {
            out.append('Z');
            return;
        }
        out.append(minutes < 0 ? '-' : '+');
        digits(out, Math.abs(minutes) / 60, 2).append(':');
        digits(out, Math.abs(minutes) % 60, 2);
    }

    private static StringBuilder digits(StringBuilder out, int number, int width) {
        String text = Integer.toString(number);
        for (int i = text.length(); i < width; i++) {
            out.append('0');
        }
        return out.append(text);
    }
}
