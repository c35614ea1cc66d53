package net.voltlane.server.uplink;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.link.UnixSockets;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.names.NameLookup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials the master until it accepts, or has been away for too long. There is one dial at a time, and the master's name is
 * looked up anew before each. Belongs to the session loop.
 */
final class Dialer {
    private static final Logger log = LoggerFactory.getLogger(Dialer.class);

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * The state of the dialer. Every state but NEW becomes STOPPED at {@link #stop}.
     *
     * <pre>
     *   NEW ──start──► LOOKING_UP ──addresses found──► DIALLING ──reached──► CONNECTED
     *                  LOOKING_UP ──none found───────► WAITING
     *                                  DIALLING ──no address answers──► WAITING
     *                                  CONNECTED ──the link is lost───► WAITING
     *   WAITING ──the delay is over──► LOOKING_UP, and for a Unix socket DIALLING at once
     *   LOOKING_UP, DIALLING, CONNECTED ──away for too long──► STOPPED
     * </pre>
     *
     * <p>The master counts as reached only once it has been {@linkplain #greeted greeted} on a connection.
     */
    private enum State {
        NEW,
        LOOKING_UP,
        DIALLING,
        CONNECTED,
        WAITING,
        STOPPED
    }

    /** Takes the result of dialling. Called on the session loop. */
    interface Outcome {
        void connected(Channel channel);

        /** The master was away for too long. Dialling has ended. */
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

    /** Time that the master was away since a link lived for a while, up to {@link #awaySinceNanos}. */
    private long awayBeforeNanos;

    private long awaySinceNanos;
    /** The operator has been warned since the last link was lost. */
    private boolean warned;

    /** Time at which the present connection was accepted. */
    private long acceptedNanos;
    /** The master was greeted on a connection, now or earlier. */
    private boolean wasGreeted;
    /** The operator was told that it does not speak this version of the firehose, or not any more. */
    private boolean toldOfVersion;

    private State state = State.NEW;
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
        assert state == State.NEW : "started already";
        awaySinceNanos = nanoClock.getAsLong();
        dial();
    }

    /** The connection is a link to the master. */
    void greeted() {
        assert loop.inEventLoop() : "belongs to the session loop";
        assert state == State.CONNECTED : "no link was given out";
        wasGreeted = true;
        toldOfVersion = false;
        awayBeforeNanos += acceptedNanos - awaySinceNanos;
        LogEvent.MASTER_REACHED
                .on(log)
                .addKeyValue(LogField.ADDRESS.key(), name())
                .log("Master {} reached", name());
    }

    /** The end of a connection on which the master was not greeted. */
    enum Ungreeted {
        /** Nothing was answered in time. */
        SILENT,
        /** The connection ended before. */
        ENDED,
        /** TLS ended the connection, such as by a backend that refuses our certificate. */
        TLS,
        /** The first packet was something else. */
        WRONG
    }

    /**
     * Dials again after a connection ended before the master was greeted on it.
     *
     * @param byTls true if TLS ended it, which {@code why} tells then
     */
    void ended(boolean byTls, String why) {
        if (byTls) {
            ungreeted(Ungreeted.TLS, why);
        } else {
            ungreeted(Ungreeted.ENDED, "the connection ended before its Welcome (" + why + ")");
        }
    }

    /**
     * Dials again after a connection ended on which the master was not greeted. Before the first greeting all of its time
     * counts as away. Later, a master that accepts and does not answer is suspended or under a debugger: nothing counts
     * since the last dial, however often that is so.
     *
     * @param how the same for the log, in words that follow a colon
     */
    void ungreeted(Ungreeted end, String how) {
        assert loop.inEventLoop() : "belongs to the session loop";
        assert state == State.CONNECTED : "no link was given out";
        boolean isAnswered = end == Ungreeted.TLS || wasGreeted && end != Ungreeted.WRONG;
        boolean isOutage = isAnswered && end != Ungreeted.SILENT; // like others
        if (!toldOfVersion && !isOutage) {
            toldOfVersion = true;
            tellOfVersion(how, isAnswered);
        }
        if (wasGreeted) {
            awayBeforeNanos += end == Ungreeted.SILENT ? 0 : acceptedNanos - awaySinceNanos;
            awaySinceNanos = nanoClock.getAsLong();
        }
        addresses.lost(false);
        retry(isAnswered ? how : "it does not speak firehose 3: " + how + ", see master.protocol");
    }

    private void tellOfVersion(String how, boolean spokeBefore) {
        String remedy = spokeBefore
                ? "Master {} does not answer any more: {}. Its process hangs, or was suspended; the server goes on dialling"
                : "Master {} does not speak firehose 3: {}. If your backend speaks version 2 only, set master.protocol = 2";
        LogEvent.MASTER_SPEAKS_NOT
                .on(log)
                .addKeyValue(LogField.ADDRESS.key(), name())
                .addKeyValue(LogField.REASON.key(), how)
                .log(remedy, name(), how);
    }

    /**
     * Dials again after a link was lost. The time to give up starts over only if the link has lived for a while: whatever
     * accepts and closes at once is no master, however often it does so.
     *
     * @param livedNanos the age that the link reached
     * @param isAtFault the link ended for what the master had sent: the next one may fare no better, and is not hurried
     */
    void again(long livedNanos, boolean isAtFault, String why) {
        assert loop.inEventLoop() : "belongs to the session loop";
        assert state == State.CONNECTED : "no link was given out";
        awaySinceNanos = nanoClock.getAsLong();
        boolean livedForAWhile = livedNanos >= Backoff.STABLE_NANOS;
        if (livedForAWhile) {
            awayBeforeNanos = 0;
        }
        addresses.lost(livedForAWhile);
        warned = false;
        if (!isAtFault) {
            backoff.linkLived(livedNanos);
        }
        retry(why);
    }

    /** Stops dialling, and abandons a dial under way. */
    void stop() {
        assert loop.inEventLoop() : "belongs to the session loop";
        state = State.STOPPED;
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
        if (state != State.STOPPED) {
            state = State.LOOKING_UP;
            if (settings.isUnix()) {
                connect(List.of(UnixSockets.address(loop, settings.host())));
            } else {
                names.find(settings.host(), this::found);
            }
        }
    }

    private void found(NameLookup.Found found) {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (state == State.STOPPED) {
            return;
        }
        assert state == State.LOOKING_UP : "answered twice";
        List<InetAddress> order = addresses.inOrder(found.addresses());
        if (order.isEmpty()) {
            failed(found.failure());
        } else {
            connect(order.stream()
                    .map(address -> new InetSocketAddress(address, settings.port()))
                    .toList());
        }
    }

    private void connect(List<? extends SocketAddress> order) {
        state = State.DIALLING;
        underWay = new Dial(loop, bootstrap, order, counters, new Dial.Outcome() {
            @Override
            public void reached(SocketAddress address, Channel channel) {
                state = State.CONNECTED;
                acceptedNanos = nanoClock.getAsLong();
                if (address instanceof InetSocketAddress inet) {
                    addresses.reached(inet.getAddress());
                }
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
        if (state != State.STOPPED) {
            retry(why);
        }
    }

    private void retry(String why) {
        long away = awayBeforeNanos + nanoClock.getAsLong() - awaySinceNanos;
        long remaining = settings.reconnectTimeoutNanos() - away;
        long seconds = TimeUnit.NANOSECONDS.toSeconds(settings.reconnectTimeoutNanos());
        if (remaining <= 0) {
            state = State.STOPPED;
            outcome.gaveUp("master.address: " + name() + " could not be reached"
                    + (seconds == 0 ? "" : " for " + seconds + " s") + " (" + why
                    + "); is the backend running? How long to wait for it: master.reconnect_timeout_secs");
            return;
        }
        if (!warned) {
            warned = true;
            LogEvent.MASTER_LOST
                    .on(log)
                    .addKeyValue(LogField.ADDRESS.key(), name())
                    .addKeyValue(LogField.REASON.key(), why)
                    .log("Master {}: {}; trying {}", name(), why, howLong(remaining));
        }
        state = State.WAITING;
        loop.schedule(this::dial, Math.min(backoff.nextDelayNanos(), remaining), TimeUnit.NANOSECONDS);
    }

    private String howLong(long remainingNanos) {
        return settings.reconnectTimeoutNanos() == Long.MAX_VALUE
                ? "until it is back"
                : "for " + ((remainingNanos - 1) / NANOS_PER_SECOND + 1) + " s";
    }

    private String name() {
        String host = settings.host();
        if (settings.isUnix()) {
            return "unix:" + host;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + settings.port();
    }
}
