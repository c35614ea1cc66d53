package net.voltlane.server.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.link.FaultLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a connection that could not be accepted, most often for want of descriptors: a line at a bounded rate,
 * and a second's pause, since the next attempt would fail as well. The clients that are there go on.
 */
final class AcceptErrors extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptErrors.class);
    private static final long PAUSE_MILLIS = 1_000;

    private final FaultLog faults;
    private @Nullable ScheduledFuture<?> pause;

    AcceptErrors(LongSupplier nanoClock) {
        faults = new FaultLog(log, "time(s) a client could not be accepted", nanoClock);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        faults.warn(String.valueOf(cause.getMessage()));
        if (pause == null || pause.isDone()) {
            ctx.channel().config().setOption(ChannelOption.AUTO_READ, false);
            pause = ctx.executor()
                    .schedule(
                            () -> ctx.channel().config().setOption(ChannelOption.AUTO_READ, true),
                            PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }
}
