package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.SystemWords;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Sessions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the firehose into packets and gives each to the sessions. Only id and flag are looked at; the payload stays in
 * the buffer that it was read into. One for each master link; belongs to the session loop.
 */
final class FirehoseReader extends ChannelInboundHandlerAdapter implements FrameCutter.Sink {
    private static final Logger log = LoggerFactory.getLogger(FirehoseReader.class);

    private final MasterUplink uplink;
    private final Sessions sessions;
    private final Counters counters;
    private final RateLimitedLog faults;
    private final int maxFrameBytes;
    private final FrameCutter cutter;
    private String why = "closed by the master";

    FirehoseReader(
            MasterUplink uplink,
            Sessions sessions,
            ByteBufAllocator allocator,
            MemoryAccount account,
            Counters counters,
            RateLimitedLog faults,
            int maxFrameBytes) {
        this.uplink = uplink;
        this.sessions = sessions;
        this.counters = counters;
        this.faults = faults;
        this.maxFrameBytes = maxFrameBytes;
        cutter = new FrameCutter(maxFrameBytes, allocator, account, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (!cutter.cut(in)) {
                refuse(ctx);
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
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof ClosedChannelException)) { // a write that was still waiting only says that it failed
            why = SystemWords.of(cause);
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

    @Override
    public void frame(ByteBuf buf, int index, int length) {
        if (length < Tag.BYTES) {
            counters.count(Metric.MASTER_PACKET_SHORT);
            faults.warn("shorter than 9 bytes");
            return;
        }
        long id = buf.getLongLE(index);
        Flag flag = Flag.of(buf.getByte(index + Tag.ID_BYTES));
        if (flag == null) {
            counters.count(Metric.MASTER_PACKET_UNKNOWN_FLAG);
            faults.warn("unknown flag");
            return;
        }
        switch (flag) {
            case DATA -> sessions.data(id, buf, index + Tag.BYTES, length - Tag.BYTES);
            case KICK -> sessions.kick(id);
            case FAILURE, RECONNECTION -> counters.count(Metric.MASTER_PACKET_IGNORED);
        }
    }

    /** A frame over the limit: where the next one begins can't be known. */
    private void refuse(ChannelHandlerContext ctx) {
        counters.count(Metric.MASTER_FRAME_TOO_LARGE);
        log.warn(
                "The master sent a frame over {} bytes (listener.max_frame_size and 9, 8 MiB at least): closing its link",
                maxFrameBytes);
        uplink.refuse(ctx.channel(), "frame over the limit");
    }
}
