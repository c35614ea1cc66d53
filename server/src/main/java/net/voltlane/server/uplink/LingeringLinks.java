package net.voltlane.server.uplink;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.Transport;

/**
 * Links that are ended on our side and wait for the master's FIN, so that the packets that were just sent arrive. The end
 * of the server waits for all of them: ending earlier would destroy these packets. Belongs to the session loop.
 */
final class LingeringLinks {
    private static final long SWEEP_NANOS = 100_000_000L;

    private final EventLoop loop;
    private final Transport transport;
    private final LongSupplier nanoClock;
    private final Deadlines<Channel> links = new Deadlines<>(LingeringClose.LIMIT_NANOS, LingeringClose::reset);

    private boolean sweeping;

    LingeringLinks(EventLoop loop, Transport transport, LongSupplier nanoClock) {
        this.loop = loop;
        this.transport = transport;
        this.nanoClock = nanoClock;
    }

    /** Ends this link, with a reset if the FIN does not come in time. */
    void add(Channel link) {
        assert loop.inEventLoop() : "belongs to the session loop";
        LingeringClose.begin(link, transport, links, nanoClock.getAsLong());
        if (!sweeping) {
            sweeping = true;
            loop.schedule(this::sweep, LingeringClose.LIMIT_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Runs again while a link is not due: the loop's timers go on during a pause of the server, served time does not. */
    private void sweep() {
        assert loop.inEventLoop() : "belongs to the session loop";
        links.run(nanoClock.getAsLong());
        sweeping = links.oldest() != null;
        if (sweeping) {
            loop.schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Runs {@code action} once no link is open; now, if none is. */
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

    /** Resets all links. */
    void reset() {
        assert loop.inEventLoop() : "belongs to the session loop";
        links.items().forEach(LingeringClose::reset);
    }
}
