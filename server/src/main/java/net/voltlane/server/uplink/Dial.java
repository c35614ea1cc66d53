package net.voltlane.server.uplink;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A dial of a host with one address or more. The addresses are tried in turn, and the attempts overlap, so that a dead
 * address does not use up the time for the others (RFC 8305, section 5).
 *
 * <pre>
 *   start ──► an attempt ──it fails, or {@value #STAGGER_MILLIS} ms pass──► another attempt, while there are addresses
 *             an attempt ──its address accepts, and the handshake of TLS is done──► over: the others are abandoned
 *             the last attempt fails ───────────► over: failed, with the reasons of all
 *             stop ─────────────────────────────► over, and the outcome is not called
 * </pre>
 *
 * <p>Belongs to the session loop.
 */
final class Dial {
    private static final int STAGGER_MILLIS = 250;
    /** Time after which the next attempt begins beside the last one. */
    static final long STAGGER_NANOS = STAGGER_MILLIS * 1_000_000L;

    static final String REACHED_ITSELF = "nobody listens there, and the connection came back to its own port;"
            + " net.ipv4.ip_local_reserved_ports keeps a port free for who listens";

    /** The largest number of reasons that a message lists. */
    private static final int MOST_REASONS = 3;

    /** Takes the result of the dial: one of these is called, once, on the session loop. */
    interface Outcome {
        void reached(SocketAddress address, Channel channel);

        /** @param why the reasons, for the operator */
        void failed(String why);
    }

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final List<? extends SocketAddress> addresses;
    private final Counters counters;
    private final Outcome outcome;

    /** Time for the handshake of TLS and the connection before it, together. */
    static final long HANDSHAKE_NANOS = LinkBootstrap.CONNECT_TIMEOUT_MILLIS * 1_000_000L;

    static final String HANDSHAKE_LATE =
            "no end of the TLS handshake within 5 s; does the backend listen with TLS? If not, set master.tls = false";

    private final List<Channel> attempts = new ArrayList<>();
    /** Attempts that are closed since their time was over. */
    private final Set<Channel> late = new HashSet<>();

    private final Map<SocketAddress, String> reasons = new LinkedHashMap<>();
    private int next;
    private int underWay;
    private @Nullable ScheduledFuture<?> stagger;
    private boolean isOver;

    /** @param addresses at least one address, in the order of the attempts */
    Dial(
            EventLoop loop,
            Bootstrap bootstrap,
            List<? extends SocketAddress> addresses,
            Counters counters,
            Outcome outcome) {
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.addresses = addresses;
        this.counters = counters;
        this.outcome = outcome;
    }

    /** Begins the first attempt. */
    void start() {
        assert loop.inEventLoop() : "belongs to the session loop";
        tryNext();
    }

    /** Abandons the dial: its outcome is not called any more. */
    void stop() {
        assert loop.inEventLoop() : "belongs to the session loop";
        isOver = true;
        if (stagger != null) {
            stagger.cancel(false);
        }
        // A copy, because the end of an attempt, which a close may tell at once, takes it out of the list.
        List.copyOf(attempts).forEach(Channel::close);
    }

    private void tryNext() {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (isOver || next == addresses.size()) {
            return;
        }
        SocketAddress address = addresses.get(next++);
        if (next < addresses.size()) {
            stagger = loop.schedule(this::tryNext, STAGGER_NANOS, TimeUnit.NANOSECONDS);
        }
        underWay++;
        ChannelFuture connect = bootstrap.connect(address);
        if (!connect.isDone() || connect.isSuccess()) { // else there may be no channel: no descriptor was left for it
            attempts.add(connect.channel());
            loop.schedule(() -> tooLate(connect.channel()), HANDSHAKE_NANOS, TimeUnit.NANOSECONDS);
        }
        connect.addListener((ChannelFuture done) -> {
            if (loop.inEventLoop()) {
                ended(address, done);
            } else { // a failure without a channel is reported on a thread of Netty's
                loop.execute(() -> ended(address, done));
            }
        });
    }

    private void ended(SocketAddress address, ChannelFuture connect) {
        assert loop.inEventLoop() : "belongs to the session loop";
        Channel channel = connect.channel();
        underWay--;
        attempts.remove(channel);
        if (isOver) {
            if (connect.isSuccess()) {
                channel.close();
            }
        } else if (!connect.isSuccess()) {
            failed(address, SystemWords.of(connect.cause()));
        } else if (isItself(channel)) {
            counters.count(Metric.MASTER_DIALS_REACHED_THEMSELVES);
            LingeringClose.reset(channel); // the port must be free for the backend at once
            failed(address, REACHED_ITSELF);
        } else {
            secure(address, channel);
        }
    }

    /** Waits for the handshake of TLS, if there is one. */
    private void secure(SocketAddress address, Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            stop();
            outcome.reached(address, channel);
            return;
        }
        underWay++;
        attempts.add(channel);
        tls.handshakeFuture().addListener(done -> secured(address, channel, done.cause()));
    }

    private void secured(SocketAddress address, Channel channel, @Nullable Throwable cause) {
        assert loop.inEventLoop() : "belongs to the session loop";
        underWay--;
        attempts.remove(channel);
        if (isOver) {
            channel.close();
        } else if (cause == null) {
            stop();
            outcome.reached(address, channel);
        } else {
            channel.close();
            counters.count(Metric.MASTER_TLS_FAILED);
            failed(address, late.remove(channel) ? HANDSHAKE_LATE : MasterTls.handshakeReason(channel, cause));
        }
    }

    private void tooLate(Channel channel) {
        if (attempts.contains(channel) && channel.isActive()) {
            late.add(channel);
            LingeringClose.reset(channel); // below TLS, which would say goodbye first
        }
    }

    /**
     * True if both ends of the connection are the same socket. That happens where nobody listens: the kernel gives the
     * dialling socket the very port that it dials, and TCP lets the two openings cross.
     */
    private static boolean isItself(Channel channel) {
        return channel.localAddress() != null && channel.localAddress().equals(channel.remoteAddress());
    }

    private void failed(SocketAddress address, String why) {
        reasons.put(address, why);
        if (next < addresses.size()) {
            if (stagger != null) {
                stagger.cancel(false);
            }
            tryNext();
        } else if (underWay == 0) {
            isOver = true;
            outcome.failed(allReasons());
        }
    }

    private String allReasons() {
        if (reasons.size() == 1) {
            return reasons.values().iterator().next();
        }
        String listed = reasons.entrySet().stream()
                .limit(MOST_REASONS)
                .map(reason -> text(reason.getKey()) + ": " + reason.getValue())
                .collect(Collectors.joining("; "));
        int more = reasons.size() - MOST_REASONS;
        return more > 0 ? listed + "; and " + more + " more" : listed;
    }

    private static String text(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return address.toString();
        }
        String text = inet.getAddress().getHostAddress();
        return inet.getAddress() instanceof Inet6Address ? "[" + text + "]" : text;
    }
}
