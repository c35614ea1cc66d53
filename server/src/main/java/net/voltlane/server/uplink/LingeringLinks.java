package net.voltlane.server.uplink;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.TcpTransport;

/**
 * Links that are ended on our side and wait for the master's FIN, so that it gets what it was just sent. The server's
 * end waits for them all, those that were refused lately as well: it would destroy that. Belongs to the session loop.
 */
final class LingeringLinks {
    private static final long SWEEP_NANOS = 100_000_000L;

    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final Deadlines<Channel> links = new Deadlines<>(LingeringClose.LIMIT_NANOS, LingeringClose::reset);

    private boolean sweeping;

    LingeringLinks(EventLoop loop, LongSupplier nanoClock) {
        this.loop = loop;
        this.nanoClock = nanoClock;
    }

    /** Ends this link, with a reset where the FIN does not come in time. */
    void add(Channel link) {
        assert loop.inEventLoop() : "belongs to the session loop";
        LingeringClose.begin(link, TcpTransport.INSTANCE, links, nanoClock.getAsLong());
        if (!sweeping) {
            sweeping = true;
            loop.schedule(this::sweep, LingeringClose.LIMIT_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Comes again while a link is not due: the loop's own timers do not stand while the server is paused. */
    private void sweep() {
        assert loop.inEventLoop() : "belongs to the session loop";
        links.run(nanoClock.getAsLong());
        sweeping = links.oldest() != null;
        if (sweeping) {
            loop.schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Runs {@code action} once no link is open any more: now, if there is none. */
    void whenNone(Runnable action) {
        assert loop.inEventLoop() : "belongs to the session loop";
        for (Channel link : links.items()) {
            if (link.isOpen()) {
                link.closeFuture().addListener(f -> whenNone(action));
                return;
            }
        }
        action.run();
    }

    /** Waits no longer. */
    void reset() {
        assert loop.inEventLoop() : "belongs to the session loop";
        links.items().forEach(LingeringClose::reset);
    }
}
