package net.voltlane.server.link;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Catches the log lines of a class, instead of showing them. */
public final class Logged implements AutoCloseable {
    private final Logger logger;
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    /** Catches at the level of tests: warnings and errors. */
    public Logged(Class<?> by) {
        this(by, null);
    }

    /** Catches lines of this level and above; null: of the level of tests. */
    public Logged(Class<?> by, @Nullable Level level) {
        logger = (Logger) LoggerFactory.getLogger(by);
        logger.setLevel(level);
        logger.setAdditive(false);
        logger.addAppender(events);
        events.start();
    }

    /** The lines so far: level and message. */
    public List<String> lines() {
        return events.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    /** The fields of a line, each as {@code key=value}. */
    public List<String> fields(int line) {
        return events.list.get(line).getKeyValuePairs().stream()
                .map(field -> field.key + "=" + field.value)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(events);
        logger.setAdditive(true);
        logger.setLevel(null);
    }
}
