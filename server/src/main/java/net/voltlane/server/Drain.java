package net.voltlane.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.session.SessionDrain;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock of a drain: has {@link SessionDrain} take its steps until it is over or the time is up. Belongs to the
 * session loop; {@link #status} is for any thread.
 */
final class Drain {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);
    private static final long STEP_MILLIS = 20;

    private final EventLoop sessionLoop;
    private final Sessions sessions;
    private final LongSupplier nanoClock;
    private final Consumer<Duration> onOver;
    private final SessionDrain drain;
    private final long endNanos;
    private @Nullable ScheduledFuture<?> steps;
    private volatile int sessionsLeft;

    /**
     * @param nanoClock real time
     * @param timeout over 0
     * @param onOver called once, when the drain is over or its time is up, with the time that is left
     */
    Drain(
            EventLoop sessionLoop,
            Sessions sessions,
            LongSupplier nanoClock,
            Duration timeout,
            Consumer<Duration> onOver) {
        this.sessionLoop = sessionLoop;
        this.sessions = sessions;
        this.nanoClock = nanoClock;
        this.onOver = onOver;
        long now = nanoClock.getAsLong();
        endNanos = now + timeout.toNanos();
        drain = sessions.drain(now, timeout.toNanos());
        sessionsLeft = sessions.size();
    }

    /** Takes the first step, in which a server with few sessions ends them all. */
    void begin() {
        steps = sessionLoop.scheduleWithFixedDelay(this::step, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void step() {
        boolean isOver;
        try {
            isOver = drain.step(nanoClock.getAsLong());
            sessionsLeft = sessions.size();
        } catch (Throwable ours) {
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: the drain goes no further");
            isOver = true;
        }
        if (isOver || leftNanos() <= 0) {
            end();
            onOver.accept(left());
        }
    }

    /** Ends no more sessions. A second call does nothing. */
    void end() {
        assert sessionLoop.inEventLoop() : "belongs to the session loop";
        drain.close();
        if (steps != null) {
            steps.cancel(false);
        }
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, leftNanos()));
    }

    private long leftNanos() {
        return endNanos - nanoClock.getAsLong();
    }

    /** Any thread. */
    DrainStatus status() {
        return new DrainStatus(left(), sessionsLeft);
    }
}
