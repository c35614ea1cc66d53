package net.voltlane.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler of a listening socket: accepts connections as long as there is room for them, so that the descriptors that
 * are left can serve the clients that are connected. Clients that come meanwhile wait in the kernel's backlog.
 *
 * <pre>
 *   ACCEPTING ──the last place is taken, on any listener──► FULL   ──a connection closes──► ACCEPTING
 *   ACCEPTING, FULL ──accepting fails─────────────────────► PAUSED ──a second──► ACCEPTING, or FULL
 * </pre>
 *
 * <p>Places are counted, not tried out: an accept that fails for want of descriptors leaves none for the master's link
 * either, and fails again at once. So the transport must take no more than it is told to, which
 * {@link net.voltlane.server.link.IoUringAccept} sees to where it is not so by itself. Accepting may fail all the same:
 * for other users of the process, or a limit of the whole machine. Belongs to the loop of all listeners.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);
    /** Connections accepted in one tick: a loop under load has few ticks a second. */
    private static final int ACCEPTS_PER_TICK = 256;

    private static final long PAUSE_MILLIS = 1_000;

    /**
     * The number of connections that are accepted at the next chance. Netty's default asks after each accepted
     * connection whether there may be more, and takes one a tick where the transport can't tell.
     */
    final ServerChannelRecvByteBufAllocator reads = new ServerChannelRecvByteBufAllocator();

    private final OpenConnections connections;
    private final Counters counters;
    private final RateLimitedLog failures;

    private volatile @Nullable ChannelHandlerContext context;
    private boolean isPausing;

    /** @param counters those of the listeners' loop */
    Acceptor(OpenConnections connections, Counters counters, LongSupplier nanoClock) {
        this.connections = connections;
        this.counters = counters;
        failures = new RateLimitedLog(
                log, LogEvent.ACCEPT_FAILED, "Failed to accept a client", "time", "times", nanoClock);
        reads.respectMaybeMoreData(false);
        reads.maxMessagesPerRead(mostAtOnce());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        connections.join(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connections.leave(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        connections.add((Channel) msg);
        ctx.fireChannelRead(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        connections.settle();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        counters.count(Metric.ACCEPTS_FAILED);
        failures.warn(SystemWords.of(cause));
        if (!isPausing) {
            isPausing = true;
            settle();
            ctx.executor().schedule(this::endPause, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void endPause() {
        isPausing = false;
        settle();
    }

    /**
     * Accepts as many as there is room for. Never more in one tick: that would be known too late on some transports.
     */
    void settle() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        assert ctx.executor().inEventLoop() : "belongs to the loop of all listeners";
        boolean hasRoom = connections.free() > 0;
        if (hasRoom) {
            reads.maxMessagesPerRead(mostAtOnce());
        }
        ctx.channel().config().setOption(ChannelOption.AUTO_READ, hasRoom && !isPausing);
    }

    private int mostAtOnce() {
        return Math.max(1, Math.min(connections.free(), ACCEPTS_PER_TICK));
    }

    /** Runs a task on the loop of all listeners; false if this one's socket has closed. Any thread. */
    boolean execute(Runnable task) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || !ctx.channel().isOpen()) {
            return false;
        }
        ctx.executor().execute(task);
        return true;
    }
}
