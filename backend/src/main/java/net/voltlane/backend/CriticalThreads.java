package net.voltlane.backend;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that a backend needs to work. If one dies, for example of a lack of memory, the backend would go on
 * listening but do only a part of its work. So it closes itself, and tells its owner why. Thread-safe.
 */
final class CriticalThreads {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);

    private final AtomicReference<@Nullable Throwable> diedOf = new AtomicReference<>();
    private final HandlerCalls calls;
    private final Runnable close;

    /** @param close begins to close the backend, and does not wait */
    CriticalThreads(HandlerCalls calls, Runnable close) {
        this.calls = calls;
        this.close = close;
    }

    /** Returns the task of such a thread. If {@code body} throws, the backend is closed and the thread dies of it. */
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

    /** Closes first, as the owner may be waiting for the end, and logs last, as logging may have killed the thread. */
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
