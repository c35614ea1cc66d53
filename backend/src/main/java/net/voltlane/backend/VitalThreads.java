package net.voltlane.backend;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that a backend can't do without. Should one die, of a lack of memory, say, the backend would go on
 * listening and do only a part of its work; so it closes itself, and tells its owner why.
 */
final class VitalThreads {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);

    private final AtomicReference<@Nullable Throwable> diedOf = new AtomicReference<>();
    private final HandlerCalls calls;
    private final Runnable close;

    /** @param close begins to close the backend; does not wait */
    VitalThreads(HandlerCalls calls, Runnable close) {
        this.calls = calls;
        this.close = close;
    }

    /** What such a thread runs; when it throws, the thread dies of it all the same. */
    Runnable task(Runnable body) {
        return () -> {
            try {
                body.run();
            } catch (RuntimeException | Error cause) {
                died(cause);
                throw cause;
            }
        };
    }

    /** In this order: the owner's thread may be waiting for the end, and the log may be what it died of. */
    private void died(Throwable cause) {
        diedOf.compareAndSet(null, cause);
        try {
            close.run();
        } finally {
            try {
                calls.died(cause);
            } finally {
                log.error("The backend closes itself, as one of its threads has died", cause);
            }
        }
    }

    void throwIfDead() {
        Throwable cause = diedOf.get();
        if (cause != null) {
            throw new IllegalStateException(
                    "the backend has closed itself, as one of its threads died of " + cause, cause);
        }
    }
}
