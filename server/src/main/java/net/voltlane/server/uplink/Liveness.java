package net.voltlane.server.uplink;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.log.LogEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The times of a link of firehose 3, looked at ten times a second: for the Welcome, for a Ping where nothing was sent, and
 * for a byte of the master's while it is read. Belongs to the session loop.
 */
final class Liveness {
    /** The time without sending after which a Ping is sent. */
    static final long PING_NANOS = 5_000_000_000L;
    /** The time without a byte, while ready to read, after which a link is lost. */
    static final long SILENCE_NANOS = 15_000_000_000L;

    private static final Logger log = LoggerFactory.getLogger(Liveness.class);
    private static final long SWEEP_MILLIS = 100;

    /** The link, as far as its times go. */
    interface Link {
        /** There is no Welcome, and the time for it is over. */
        void unanswered();

        /** Nothing was sent for a while. */
        void quiet();

        /** Nothing came for too long. */
        void silent();

        boolean isReading();
    }

    private enum State {
        NO_LINK,
        GREETING,
        SPEAKING
    }

    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final Link link;
    private @Nullable ScheduledFuture<?> sweeps;

    private State state = State.NO_LINK;
    private long beganNanos;
    private long sweptNanos;
    private long sentNanos;
    /** Time without a byte in which the link was read. */
    private long silentNanos;

    private boolean wasReading;
    private boolean hasSent;
    private boolean hasRead;

    Liveness(EventLoop loop, LongSupplier nanoClock, Link link) {
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.link = link;
    }

    void start() {
        sweeps = loop.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (sweeps != null) {
            sweeps.cancel(false);
        }
    }

    /** Hello was sent. */
    void greets() {
        state = State.GREETING;
        beganNanos = nanoClock.getAsLong();
    }

    /** Welcome has come. */
    void speaks() {
        state = State.SPEAKING;
        long now = nanoClock.getAsLong();
        sweptNanos = now;
        sentNanos = now;
        silentNanos = 0;
        wasReading = link.isReading();
        hasSent = false;
        hasRead = false;
    }

    void ends() {
        state = State.NO_LINK;
    }

    void sent() {
        hasSent = true;
    }

    void read() {
        hasRead = true;
    }

    private void sweep() {
        assert loop.inEventLoop() : "belongs to the session loop";
        try {
            look(nanoClock.getAsLong());
        } catch (Throwable ours) {
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: a master that is silent may go unnoticed");
        }
    }

    private void look(long now) {
        if (state == State.GREETING) {
            if (now - beganNanos >= Greeting.LIMIT_NANOS) {
                link.unanswered();
            }
        } else if (state == State.SPEAKING) {
            boolean reading = link.isReading();
            if (hasRead) {
                silentNanos = 0;
            } else if (reading && wasReading) {
                silentNanos += now - sweptNanos;
            }
            if (hasSent) {
                sentNanos = now;
            }
            wasReading = reading;
            sweptNanos = now;
            hasRead = false;
            hasSent = false;
            if (silentNanos >= SILENCE_NANOS) {
                link.silent();
            } else if (now - sentNanos >= PING_NANOS) {
                link.quiet();
            }
        }
    }
}
