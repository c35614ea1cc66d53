package net.voltlane.server.uplink;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.link.DeadPeerDetector;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects a master that has vanished: resets its link when it has acknowledged nothing for too long. Belongs to the
 * session loop.
 */
final class MasterWatch {
    private static final Logger log = LoggerFactory.getLogger(MasterWatch.class);
    private static final long SWEEP_MILLIS = 100;

    private final MasterUplink uplink;
    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final Counters counters;
    private long timeoutNanos;
    private final DeadPeerDetector links;
    private @Nullable ScheduledFuture<?> sweeps;

    MasterWatch(
            MasterUplink uplink,
            UplinkSettings settings,
            MasterUplink.Dependencies around,
            Counters counters,
            PeerProbe probe) {
        this.uplink = uplink;
        loop = around.loop();
        nanoClock = around.time();
        this.counters = counters;
        timeoutNanos = settings.peerTimeoutNanos();
        links = new DeadPeerDetector(probe, timeoutNanos, around.time());
    }

    void start() {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (timeoutNanos > 0) {
            sweeps = loop.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Replaces the timeout.
     *
     * @param link the uplink's present link, or null
     */
    void settings(UplinkSettings next, @Nullable Channel link) {
        assert loop.inEventLoop() : "belongs to the session loop";
        boolean begins = timeoutNanos == 0 && next.peerTimeoutNanos() > 0;
        timeoutNanos = next.peerTimeoutNanos();
        links.timeout(timeoutNanos);
        if (timeoutNanos == 0) {
            stop();
        } else if (begins) {
            start();
            if (link != null) {
                add(link, nanoClock.getAsLong());
            }
        }
    }

    void stop() {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (sweeps != null) {
            sweeps.cancel(false);
        }
    }

    /** Watches this link as long as it is the uplink's. */
    void add(Channel link, long nowNanos) {
        assert loop.inEventLoop() : "belongs to the session loop";
        links.add(new Watched(link), nowNanos);
    }

    private void sweep() {
        assert loop.inEventLoop() : "belongs to the session loop";
        try {
            links.sweep(nanoClock.getAsLong());
        } catch (Throwable ours) {
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: a vanished master may go unnoticed"); // and the sweeps
            // go on
        }
    }

    /** The link to the master. It counts as busy, so that it is always watched. */
    private final class Watched implements DeadPeerDetector.Peer {
        private final Channel link;

        Watched(Channel link) {
            this.link = link;
        }

        @Override
        public Channel channel() {
            return link;
        }

        @Override
        public boolean isUp() {
            return uplink.isOn(link);
        }

        @Override
        public boolean pollSent() {
            return true;
        }

        @Override
        public void unwatched() {}

        @Override
        public void vanished() {
            counters.count(Metric.MASTER_PEER_UNACKNOWLEDGED);
            LingeringClose.reset(link);
            uplink.lost(link, "acknowledged nothing for " + TimeUnit.NANOSECONDS.toSeconds(timeoutNanos) + " s");
        }
    }
}
