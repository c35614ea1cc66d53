package net.voltlane.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines of one JSON object each: {@code time} (RFC 3339, UTC), {@code level}, {@code logger}, {@code thread},
 * {@code message}, the fields that the line has of its own, such as {@code session}, {@code address} and {@code
 * reason}, and {@code error} where there is one. Logback's own encoder has other names for them and a dozen fields
 * more.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final byte[] NONE = {};

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder out = new StringBuilder(256);
        field(out, '{', "time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        field(out, ',', "level", event.getLevel().toString());
        field(out, ',', "logger", event.getLoggerName());
        field(out, ',', "thread", event.getThreadName());
        field(out, ',', "message", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> field(out, pair));
        }
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            field(out, ',', "error", ThrowableProxyUtil.asString(error));
        }
        return out.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }

    /** Writes numbers as numbers, and everything else as text. */
    private static void field(StringBuilder out, KeyValuePair pair) {
        if (pair.value instanceof Number) {
            out.append(",\"").append(pair.key).append("\":").append(pair.value);
        } else {
            field(out, ',', pair.key, String.valueOf(pair.value));
        }
    }

    private static void field(StringBuilder out, char before, String name, @Nullable String value) {
        out.append(before).append('"').append(name).append("\":\"");
        String text = String.valueOf(value);
        for (int i = 0; i < text.length(); i++) {
            escaped(out, text.charAt(i));
        }
        out.append('"');
    }

    private static void escaped(StringBuilder out, char c) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < ' ' || c == 0x7F) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
