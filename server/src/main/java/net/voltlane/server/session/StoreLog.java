package net.voltlane.server.session;

import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log lines about the store: one when it goes, one when it is back, and a few about calls that fail. */
final class StoreLog {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    private final RateLimitedLog failures;
    private boolean wasDown;

    StoreLog(LongSupplier nanoClock) {
        failures = new RateLimitedLog(log, LogEvent.STORE_FAILED, "The store did not take", "call", "calls", nanoClock);
    }

    void down(StoreException why, WhenAway whenAway) {
        wasDown = true;
        LogEvent.STORE_DOWN
                .on(log)
                .addKeyValue(LogField.REASON.key(), why.getMessage())
                .log(
                        "The store can't be reached: {}; connected clients notice nothing, new ones {}",
                        why.getMessage(),
                        whenAway == WhenAway.REFUSE ? "are refused" : "get sessions without a record");
    }

    /** @param sessions the number of sessions that are written again */
    void up(int sessions) {
        if (wasDown) {
            wasDown = false;
            LogEvent.STORE_UP
                    .on(log)
                    .addKeyValue(LogField.SESSIONS.key(), sessions)
                    .log(
                            "The store is back; {} are written again",
                            sessions == 1 ? "1 session" : sessions + " sessions");
        }
    }

    void failed(@Nullable Throwable why) {
        Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        failures.warn(cause == null ? "no answer" : String.valueOf(cause.getMessage()));
    }
}
