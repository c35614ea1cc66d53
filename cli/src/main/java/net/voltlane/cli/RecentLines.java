package net.voltlane.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.admin.events.RecentEvents;
import org.slf4j.event.KeyValuePair;

/**
 * Gives the ring of recent lines all that is logged at Info and above. The ring is fed beside the log's queue, so that
 * it goes on where standard error takes nothing.
 */
final class RecentLines extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final RecentEvents events;

    RecentLines(RecentEvents events) {
        this.events = events;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.INFO)) {
            return;
        }
        List<KeyValuePair> given = event.getKeyValuePairs();
        List<KeyValuePair> fields = given == null ? List.of() : given;
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            fields = new ArrayList<>(fields);
            fields.add(new KeyValuePair("error", error.getClassName() + ": " + error.getMessage()));
        }
        events.add(event.getTimeStamp(), level(event.getLevel()), event.getFormattedMessage(), fields);
    }

    private static org.slf4j.event.Level level(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> org.slf4j.event.Level.ERROR;
            case Level.WARN_INT -> org.slf4j.event.Level.WARN;
            default -> org.slf4j.event.Level.INFO;
        };
    }
}
