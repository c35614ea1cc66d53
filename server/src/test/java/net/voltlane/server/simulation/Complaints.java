package net.voltlane.server.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import net.voltlane.server.session.WorldFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The errors that the server logs while worlds run. Warnings of bad connections are expected there. An error is a fault
 * of the server: it survives that, but the world fails.
 */
final class Complaints extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final String[] WHOSE = {"net.voltlane.server", "io.netty"};

    private @Nullable String first;
    /** A rule that was broken within a task, whose error the server survived. */
    private @Nullable WorldFailure broken;

    Complaints() {
        start();
        for (String name : WHOSE) {
            Logger logger = logger(name);
            logger.setLevel(name.startsWith("io") ? Level.WARN : Level.ERROR);
            logger.setAdditive(false);
            logger.addAppender(this);
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (first == null) {
            IThrowableProxy cause = event.getThrowableProxy();
            if (cause instanceof ThrowableProxy proxy && proxy.getThrowable() instanceof WorldFailure failure) {
                broken = failure;
            }
            StringBuilder text = new StringBuilder(event.getFormattedMessage());
            for (IThrowableProxy t = cause; t != null; t = t.getCause()) {
                text.append(": ").append(t.getClassName()).append(' ').append(t.getMessage());
                for (int i = 0; i < Math.min(6, t.getStackTraceElementProxyArray().length); i++) {
                    text.append("\n      ").append(t.getStackTraceElementProxyArray()[i]);
                }
            }
            first = text.toString();
        }
    }

    /** A rule was broken, in the midst of the server's work: whoever called the world may survive that, or not tell. */
    void broken(WorldFailure failure) {
        if (first == null) {
            broken = failure;
            first = failure.toString();
        }
    }

    /** Fails where there was one since the last call. */
    void check() {
        String text = first;
        if (text != null) {
            WorldFailure failure = broken;
            forget();
            if (failure != null) {
                throw failure;
            }
            throw new WorldFailure(0, "the server logged an error of its own: " + text);
        }
    }

    void forget() {
        first = null;
        broken = null;
    }

    @Override
    public void close() {
        for (String name : WHOSE) {
            Logger logger = logger(name);
            logger.detachAppender(this);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
        stop();
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
