package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler of one master link: cuts what it brings into packets, and tells the uplink when it ends. Belongs to the
 * session loop.
 */
final class FirehoseReader extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(FirehoseReader.class);

    private final MasterUplink uplink;
    private final Counters counters;
    private final RateLimitedLog faults;
    private final Function<Throwable, String> words;
    private final FrameCutter cutter;
    /** The reason why the link ends, for the log. */
    private String why = "closed by the master";

    /**
     * @param cutter takes the input and understands each packet, in order; now this object's
     * @param words the reason, for the operator, why a link broke
     */
    FirehoseReader(
            MasterUplink uplink,
            FrameCutter cutter,
            Counters counters,
            RateLimitedLog faults,
            Function<Throwable, String> words) {
        this.uplink = uplink;
        this.counters = counters;
        this.faults = faults;
        this.words = words;
        this.cutter = cutter;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (!cutter.cut(in)) {
                refuse(ctx);
            }
            if (ctx.isRemoved()) { // by one of the packets, such as the last Ack of a stop
                cutter.release(); // what has come of the next one
            }
        } finally {
            in.release();
        }
        uplink.wasRead();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        uplink.lost(ctx.channel(), why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
        // A codec's exception is wrapped by Netty.
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (!(cause instanceof ClosedChannelException)) { // that is only a write that still waited
            why = words.apply(cause);
        }
        if (cause instanceof SSLException && uplink.isOn(ctx.channel())) { // else the dial counts it
            counters.count(Metric.MASTER_TLS_FAILED);
            MasterTls.breaks(ctx.channel());
        }
        if (Keepalive.gaveUp(cause)) {
            counters.count(Metric.MASTER_PEER_QUIET);
        }
        faults.thrown("the master link", cause);
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cutter.release();
    }

    /** Ends the link at a frame over the limit: it is unknown where the next one begins. */
    private void refuse(ChannelHandlerContext ctx) {
        counters.count(Metric.MASTER_FRAME_TOO_LARGE);
        LogEvent.MASTER_FRAME_TOO_LARGE
                .on(log)
                .log(
                        "The master sent a frame over {} bytes (listener.max_frame_size and 9, 8 MiB at least): closing its link",
                        uplink.settings().maxFrameBytes());
        uplink.refuse(ctx.channel(), "frame over the limit");
    }
}
