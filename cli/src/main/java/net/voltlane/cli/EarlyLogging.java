package net.voltlane.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import net.voltlane.server.config.LogFormat;

/**
 * Logging before {@link Logging} is set up: warnings go to standard error. Logback finds it by its service file where
 * {@link LoggingProvider} is not in use, and looks no further: its own search for files, and the XML reader behind it, take
 * a tenth of a start. Public because of that.
 */
public final class EarlyLogging extends ContextAwareBase implements Configurator {

    /** For Logback. */
    public EarlyLogging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(Logging.lines(context, LogFormat.TEXT, System.err));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
