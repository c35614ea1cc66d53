package net.voltlane.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket's handler: counts who is there, and accepts nobody while there is no room, so that what
 * descriptors are left can serve those who are. Who waits meanwhile waits in the kernel's backlog, and is next when one
 * goes.
 *
 * <p>The room is counted, not tried out: an accept that fails for want of descriptors leaves none for the master's link
 * either, and fails again at once. So the transport must take no more than it is told to, which
 * {@link net.voltlane.server.link.IoUringAccept} sees to where it is not so by itself. Where accepting fails all the
 * same (other users of the process, a limit of the whole machine), it pauses for a second. Belongs to the listener's
 * loop; {@link #open} is also lowered by the loops of those who go.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);
    /** Connections accepted in one tick: a loop under load has few ticks a second. */
    private static final int ACCEPTS_PER_TICK = 256;

    private static final long PAUSE_MILLIS = 1_000;

    /**
     * How many are accepted at the next chance. Netty's default asks after each accepted connection whether there may
     * be more, and takes one a tick where the transport can't tell.
     */
    final ServerChannelRecvByteBufAllocator reads = new ServerChannelRecvByteBufAllocator();

    private final int room;
    private final AtomicInteger open;
    private final Counters counters;
    private final RateLimitedLog full;
    private final RateLimitedLog failures;
    private final ChannelFutureListener closed;

    private @Nullable ChannelHandlerContext context;
    private boolean isFull;
    private boolean isPausing;

    /**
     * @param room how many connections may be open at a time
     * @param open counts them
     * @param noneOpen called each time that the last of them has closed, on its loop
     */
    Acceptor(int room, AtomicInteger open, Runnable noneOpen, Counters counters, LongSupplier nanoClock) {
        this.room = room;
        this.open = open;
        this.counters = counters;
        full = new RateLimitedLog(log, "Paused accepting clients", "time", "times", nanoClock);
        failures = new RateLimitedLog(log, "Failed to accept a client", "time", "times", nanoClock);
        closed = f -> {
            int left = open.decrementAndGet();
            if (left == room - 1) {
                roomAgain();
            }
            if (left == 0) {
                noneOpen.run();
            }
        };
        reads.respectMaybeMoreData(false);
        reads.maxMessagesPerRead(Math.min(room, ACCEPTS_PER_TICK));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        open.incrementAndGet();
        ((Channel) msg).closeFuture().addListener(closed);
        ctx.fireChannelRead(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        settle(ctx);
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        counters.count(Metric.ACCEPTS_FAILED);
        failures.warn(SystemWords.of(cause));
        if (!isPausing) {
            isPausing = true;
            settle(ctx);
            ctx.executor()
                    .schedule(
                            () -> {
                                isPausing = false;
                                settle(ctx);
                            },
                            PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Accepts as many as there is room for. Never more in one tick: that would be known too late on some transports.
     */
    private void settle(ChannelHandlerContext ctx) {
        int free = room - open.get();
        if (free > 0) {
            reads.maxMessagesPerRead(Math.min(free, ACCEPTS_PER_TICK));
        } else if (!isFull) {
            counters.count(Metric.ACCEPTS_DELAYED);
            full.warn(room + " connections are open, there is no room for more; new clients wait until one closes");
        }
        isFull = free <= 0;
        ctx.channel().config().setOption(ChannelOption.AUTO_READ, !isFull && !isPausing);
    }

    /** On the loop of the one who went. */
    private void roomAgain() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && ctx.channel().isOpen()) {
            ctx.executor().execute(() -> settle(ctx));
        }
    }
}
