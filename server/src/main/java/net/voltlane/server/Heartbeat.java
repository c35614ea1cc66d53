package net.voltlane.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sign of life that comes from all event loops: a task is handed from loop to loop, and when each has run it, the beat
 * follows. A loop that hangs or has died keeps the task, and so there are no more beats. Belongs to the session loop.
 */
final class Heartbeat {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);

    private final Iterable<EventExecutor> loops;
    private final EventLoop sessionLoop;
    private final Runnable beat;
    private boolean underWay;

    Heartbeat(Iterable<EventExecutor> loops, EventLoop sessionLoop, Runnable beat) {
        this.loops = loops;
        this.sessionLoop = sessionLoop;
        this.beat = beat;
    }

    /** Begins to beat, at once and then at this interval, until the loops end. Never, if they have ended. Any thread. */
    void start(Duration interval) {
        try {
            sessionLoop.scheduleWithFixedDelay(this::begin, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            log.debug("The server has ended before its heartbeat began");
        }
    }

    private void begin() {
        if (!underWay) {
            underWay = true;
            next(loops.iterator());
        }
    }

    private void next(Iterator<EventExecutor> rest) {
        EventExecutor loop = rest.hasNext() ? rest.next() : null;
        try {
            if (loop == null) {
                sessionLoop.execute(this::beat);
            } else {
                loop.execute(() -> next(rest));
            }
        } catch (RejectedExecutionException ended) {
            log.debug("A loop has ended, and with it the heartbeat");
        }
    }

    private void beat() {
        assert sessionLoop.inEventLoop() : "belongs to the session loop";
        underWay = false;
        beat.run();
    }
}
