package net.voltlane.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Checks that hold after every input: no exception and no error was logged, and no buffer is left. */
public final class Aftermath {
    private final Errors errors = new Errors();
    private final long usedBytes = usedBytes();

    private Aftermath() {}

    /** Runs what is to be tried, which gives back all that it has, and looks. */
    public static void of(Runnable target) {
        new Aftermath().watch(target);
    }

    private void watch(Runnable target) {
        errors.start();
        root().addAppender(errors);
        try {
            target.run();
        } finally {
            root().detachAppender(errors);
        }
        assertThat(errors.seen).as("logged as errors").isEmpty();
        assertThat(usedBytes() - usedBytes).as("bytes of leaked buffers").isZero();
    }

    /** Known exactly because this module's tests run on unpooled buffers. */
    private static long usedBytes() {
        var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static final class Errors extends AppenderBase<ILoggingEvent> {
        private final List<String> seen = new ArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR) || event.getThrowableProxy() != null) {
                var thrown = event.getThrowableProxy();
                seen.add(event + (thrown == null ? "" : ": " + thrown.getClassName() + ": " + thrown.getMessage()));
            }
        }
    }
}
