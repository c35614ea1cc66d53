package net.voltlane.server.uplink;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.names.NameLookup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials the master until it is reached, or has been away for too long. One dial at a time, before each of which the
 * master's name is looked up anew; belongs to the session loop.
 */
final class Dialer {
    private static final Logger log = LoggerFactory.getLogger(Dialer.class);

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** What becomes of dialling; called on the session loop. */
    interface Outcome {
        void connected(Channel channel);

        void gaveUp(String message);
    }

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private UplinkSettings settings;
    private final Counters counters;
    private final LongSupplier nanoClock;
    private final Backoff backoff;
    private final Outcome outcome;
    private final NameLookup names;
    private final MasterAddresses addresses = new MasterAddresses();

    /** How long the master was away since a link lived for a while, up to {@link #awaySinceNanos}. */
    private long awayBeforeNanos;

    private long awaySinceNanos;
    private boolean warned;
    private boolean stopped;
    private @Nullable Dial underWay;

    /** @param bootstrap ready but for the address; its channels are registered on {@code loop} */
    Dialer(
            EventLoop loop,
            Bootstrap bootstrap,
            NameLookup names,
            UplinkSettings settings,
            Counters counters,
            LongSupplier nanoClock,
            Backoff backoff,
            Outcome outcome) {
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.names = names;
        this.settings = settings;
        this.counters = counters;
        this.nanoClock = nanoClock;
        this.backoff = backoff;
        this.outcome = outcome;
    }

    /** Dials for the first time. */
    void start() {
        assert loop.inEventLoop() : "belongs to the session loop";
        awaySinceNanos = nanoClock.getAsLong();
        dial();
    }

    /**
     * The link, which lived for {@code livedNanos}, is lost: dials again. The time to give up starts over only after a
     * link has lived for a while. Whatever accepts and closes at once is no master, however often it does so.
     */
    void again(long livedNanos, String why) {
        assert loop.inEventLoop() : "belongs to the session loop";
        awaySinceNanos = nanoClock.getAsLong();
        boolean livedForAWhile = livedNanos >= Backoff.STABLE_NANOS;
        if (livedForAWhile) {
            awayBeforeNanos = 0;
        }
        addresses.lost(livedForAWhile);
        warned = false;
        backoff.linkLived(livedNanos);
        retry(why);
    }

    /** Dials no more; a dial under way comes to nothing. */
    void stop() {
        assert loop.inEventLoop() : "belongs to the session loop";
        stopped = true;
        if (underWay != null) {
            underWay.stop();
        }
    }

    /** Replaces the settings, from the next dial on. */
    void settings(UplinkSettings next) {
        assert loop.inEventLoop() : "belongs to the session loop";
        settings = next;
    }

    private void dial() {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (!stopped) {
            names.find(settings.host(), this::connect);
        }
    }

    private void connect(NameLookup.Found found) {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (stopped) {
            return;
        }
        List<InetAddress> order = addresses.inOrder(found.addresses());
        if (order.isEmpty()) {
            failed(found.failure());
            return;
        }
        underWay = new Dial(loop, bootstrap, order, settings.port(), counters, new Dial.Outcome() {
            @Override
            public void reached(InetAddress address, Channel channel) {
                log.info("Master {} reached", name());
                awayBeforeNanos += nanoClock.getAsLong() - awaySinceNanos;
                addresses.reached(address);
                outcome.connected(channel);
            }

            @Override
            public void failed(String why) {
                Dialer.this.failed(why);
            }
        });
        underWay.start();
    }

    private void failed(String why) {
        counters.count(Metric.MASTER_DIALS_FAILED);
        if (!stopped) {
            retry(why);
        }
    }

    private void retry(String why) {
        long away = awayBeforeNanos + nanoClock.getAsLong() - awaySinceNanos;
        long remaining = settings.reconnectTimeoutNanos() - away;
        long seconds = TimeUnit.NANOSECONDS.toSeconds(settings.reconnectTimeoutNanos());
        if (remaining <= 0) {
            stopped = true;
            outcome.gaveUp("master.address: " + name() + " could not be reached"
                    + (seconds == 0 ? "" : " for " + seconds + " s") + " (" + why
                    + "); is the backend running? How long to wait for it: master.reconnect_timeout_secs");
            return;
        }
        if (!warned) {
            warned = true;
            log.warn("Master {}: {}; trying {}", name(), why, howLong(remaining));
        }
        loop.schedule(this::dial, Math.min(backoff.nextDelayNanos(), remaining), TimeUnit.NANOSECONDS);
    }

    private String howLong(long remainingNanos) {
        return settings.reconnectTimeoutNanos() == Long.MAX_VALUE
                ? "until it is back"
                : "for " + ((remainingNanos - 1) / NANOS_PER_SECOND + 1) + " s";
    }

    private String name() {
        String host = settings.host();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + settings.port();
    }
}
