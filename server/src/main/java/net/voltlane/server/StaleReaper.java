package net.voltlane.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The check for stale sessions whose time is over, at an interval. Belongs to the session loop. */
final class StaleReaper {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);
    private static final long YEAR_SECS = 365L * 24 * 3600;

    private final EventLoop sessionLoop;
    private final Sessions sessions;
    private @Nullable ScheduledFuture<?> checks;
    private long intervalSecs;

    StaleReaper(EventLoop sessionLoop, Sessions sessions) {
        this.sessionLoop = sessionLoop;
        this.sessions = sessions;
    }

    /** Checks at this interval from now on. If it is the present one, the next check comes when it would have come. */
    void every(long secs) {
        assert sessionLoop.inEventLoop() : "belongs to the session loop";
        if (secs == intervalSecs) {
            return;
        }
        intervalSecs = secs;
        if (checks != null) {
            checks.cancel(false);
        }
        long interval = Math.min(secs, YEAR_SECS);
        checks = sessionLoop.scheduleWithFixedDelay(this::reap, interval, interval, TimeUnit.SECONDS);
    }

    private void reap() {
        try {
            sessions.reap();
        } catch (Throwable ours) {
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: a session may stay for too long"); // and the next look
            // comes
        }
    }
}
