package net.voltlane.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of all listeners, and the bound that they share. At the bound every {@link Acceptor} pauses;
 * when a connection closes, whichever listener it came through, all of them go on.
 *
 * <p>All acceptors live on one loop, so that they take places one after the other: two that looked at the same moment
 * would both take the last one. Connections close on any loop.
 */
final class OpenConnections {
    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

    private final Counters counters;
    private final RateLimitedLog delays;
    private final List<Acceptor> acceptors = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final ChannelFutureListener onClose = f -> closed();

    private volatile int most = Integer.MAX_VALUE;
    private volatile Runnable onNone = () -> {};

    /** Belongs to the acceptors' loop. */
    private boolean isFull;

    /** @param counters those of the acceptors' loop */
    OpenConnections(Counters counters, LongSupplier nanoClock) {
        this.counters = counters;
        delays =
                new RateLimitedLog(log, LogEvent.ACCEPT_PAUSED, "Paused accepting clients", "time", "times", nanoClock);
    }

    /** Sets the number of connections that may be open at a time, at least 1. Before the first acceptor joins. */
    void bound(int connections) {
        assert connections > 0 : "a server without room for one connection does not start";
        most = connections;
    }

    /** The number of connections that are open now. Any thread. */
    int count() {
        return open.get();
    }

    /** The number of connections that may be accepted now; 0 or below: none. Any thread. */
    int free() {
        return most - open.get();
    }

    /** Counts a connection until it closes. */
    void add(Channel channel) {
        open.incrementAndGet();
        channel.closeFuture().addListener(onClose);
    }

    private void closed() {
        int left = open.decrementAndGet();
        assert left >= 0 : "more connections closed than opened";
        if (left == most - 1) {
            wake();
        }
        if (left == 0) {
            onNone.run();
        }
    }

    /** Runs {@code action}, on any thread, whenever no connection is open: now, if there is none, and later. */
    void whenNone(Runnable action) {
        onNone = action;
        if (open.get() == 0) {
            action.run();
        }
    }

    // ---- acceptors, on their loop

    /** An acceptor takes connections from now on. */
    void join(Acceptor acceptor) {
        acceptors.add(acceptor);
    }

    /** An acceptor's socket has closed. */
    void leave(Acceptor acceptor) {
        acceptors.remove(acceptor);
    }

    /** Lets all acceptors know how many they may take: one of them has just taken some, or there is room again. */
    void settle() {
        boolean full = free() <= 0;
        if (full && !isFull) {
            counters.count(Metric.ACCEPTS_DELAYED);
            delays.warn(most + " connections are open, there is no room for more; new clients wait until one closes");
        }
        isFull = full;
        acceptors.forEach(Acceptor::settle);
    }

    /** A full server has a free place: whichever acceptors wait go on. On the loop of the connection that closed. */
    private void wake() {
        for (Acceptor acceptor : acceptors) {
            if (acceptor.execute(this::settle)) {
                return; // which settles all
            }
        }
    }
}
