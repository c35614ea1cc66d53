package net.voltlane.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import net.voltlane.admin.events.RecentEvents;
import net.voltlane.server.config.LogFormat;
import net.voltlane.server.config.LogLevel;
import org.slf4j.LoggerFactory;

/**
 * Sets logging up from the configuration. Lines go to standard error through a {@link LogQueue}, and those at Info and
 * above to a ring for operators.
 */
final class Logging implements AutoCloseable {

    private static final String OURS = "net.voltlane";
    /** Tells at Debug, with stack traces, what it tried to reach by reflection, which no operator can change. */
    private static final String NETTYS_OWN = "io.netty.util.internal";

    /** The library of the store in Redis, and what it is built on. The store itself says what an operator has to know. */
    private static final String[] STORES_OWN = {"io.lettuce", "reactor"};

    private final LoggerContext context;
    private final LogQueue queue;
    private final RecentEvents events = new RecentEvents();
    private volatile LogLevel level = LogLevel.INFO;

    private Logging(LoggerContext context, LogQueue queue) {
        this.context = context;
        this.queue = queue;
    }

    /** Logs to standard error. */
    static Logging start(LogLevel level, LogFormat format) {
        return start(level, format, System.err);
    }

    static Logging start(LogLevel level, LogFormat format, OutputStream out) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logging logging = new Logging(context, new LogQueue(lines(context, format, out)));
        logging.level(level);
        logging.add(logging.queue);
        logging.add(new RecentLines(logging.events));
        context.start();
        return logging;
    }

    /** Drops whatever is logged; for a command that has the terminal to itself. */
    static Logging none() {
        return start(LogLevel.OFF, LogFormat.TEXT, OutputStream.nullOutputStream());
    }

    /** Logs from now on what is at least as severe as {@code next}. Any thread. */
    void level(LogLevel next) {
        level = next;
        Level same = Level.valueOf(next.name());
        context.getLogger(OURS).setLevel(same);
        root(context).setLevel(librariesLevel(next, same));
        context.getLogger(NETTYS_OWN).setLevel(next == LogLevel.TRACE ? Level.INFO : null);
        for (String name : STORES_OWN) {
            context.getLogger(name).setLevel(next == LogLevel.OFF ? null : Level.ERROR);
        }
    }

    /** The least severe level that is logged. Any thread. */
    LogLevel level() {
        return level;
    }

    /** The last lines at Info and above. */
    RecentEvents events() {
        return events;
    }

    /** The number of lines that were dropped because standard error took none. Any thread. */
    long dropped() {
        return queue.dropped();
    }

    private void add(Appender<ILoggingEvent> appender) {
        appender.setContext(context);
        appender.start();
        root(context).addAppender(appender);
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** Writes what still waits, for one second at most. */
    @Override
    public void close() {
        context.stop();
    }

    /** Libraries have their say only at trace, or when something is wrong with them. */
    private static Level librariesLevel(LogLevel level, Level same) {
        return level == LogLevel.INFO || level == LogLevel.DEBUG ? Level.WARN : same;
    }

    /** Lines written at once, by the thread that logs. */
    static OutputStreamAppender<ILoggingEvent> lines(LoggerContext context, LogFormat format, OutputStream out) {
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder(context, format));
        appender.setOutputStream(unclosed(out));
        appender.start();
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        Encoder<ILoggingEvent> encoder = format == LogFormat.JSON ? new JsonLines() : new TextLines();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    /** Standard error outlives logging: the reason for the process's end may still have to be told there. */
    private static OutputStream unclosed(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                out.write(bytes, offset, count);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
