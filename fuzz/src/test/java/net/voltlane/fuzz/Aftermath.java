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
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** Checks that hold after every input: no exception and no error was logged, and no buffer is left. */
public final class Aftermath {
    private final Errors errors = new Errors();
    private final long usedBytes = usedBytes();

    private Aftermath() {}

    /** Runs what is to be tried, which gives back all that it has, and looks. */
    public static void of(Runnable target) {
        of(target, error -> false, 0);
    }

    /**
     * As {@link #of(Runnable)}, for a target that may log some errors and hold some memory.
     *
     * @param mayBeLogged true for an error that says that a peer is broken
     * @param scratchBytes the most bytes of buffers on the heap that the target never releases
     */
    public static void of(Runnable target, Predicate<String> mayBeLogged, long scratchBytes) {
        new Aftermath().watch(target, mayBeLogged, scratchBytes);
    }

    private void watch(Runnable target, Predicate<String> mayBeLogged, long scratchBytes) {
        errors.start();
        root().addAppender(errors);
        try {
            target.run();
        } finally {
            root().detachAppender(errors);
        }
        assertThat(errors.seen).as("logged as errors").allMatch(mayBeLogged);
        assertThat(usedBytes() - usedBytes).as("bytes of leaked buffers").isBetween(0L, scratchBytes);
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
