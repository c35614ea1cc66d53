package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.FaultLog;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the firehose into packets and gives each to the sessions. Only id and flag are looked at; the payload stays in the
 * buffer that it was read into. One for each master link; belongs to the session loop.
 */
final class FirehoseReader extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(FirehoseReader.class);

    private final MasterUplink uplink;
    private final Sessions sessions;
    private final MemoryBudget budget;
    private final Counters counters;
    private final FaultLog faults;
    private final int maxFrameBytes;

    /** An unfinished frame. */
    private @Nullable ByteBuf partial;

    private long chargedBytes;
    private boolean broken;
    private String why = "closed by the master";

    FirehoseReader(
            MasterUplink uplink,
            Sessions sessions,
            MemoryBudget budget,
            Counters counters,
            FaultLog faults,
            int maxFrameBytes) {
        this.uplink = uplink;
        this.sessions = sessions;
        this.budget = budget;
        this.counters = counters;
        this.faults = faults;
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (!broken && (partial == null || complete(ctx, in))) {
                cut(ctx, in);
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
            why = String.valueOf(cause.getMessage());
        }
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (partial != null) {
            partial.release(); // nothing is made of half a frame
            partial = null;
        }
        charge();
    }

    private void cut(ChannelHandlerContext ctx, ByteBuf in) {
        int index = in.readerIndex();
        int end = in.writerIndex();
        while (end - index >= Frame.PREFIX_BYTES) {
            int length = in.getIntLE(index);
            if (isTooLarge(ctx, length)) {
                return;
            }
            int payload = index + Frame.PREFIX_BYTES;
            if (end - payload < length) {
                break;
            }
            packet(in, payload, length);
            index = payload + length;
        }
        if (index < end) {
            int announced = end - index >= Frame.PREFIX_BYTES ? in.getIntLE(index) : 0;
            int whole = Frame.PREFIX_BYTES + announced;
            ByteBuf unfinished =
                    ctx.alloc().directBuffer(Math.max(Math.min(whole, 2 * (end - index)), Tag.FRAME_HEADER_BYTES));
            partial = unfinished.writeBytes(in, index, end - index);
            charge();
        }
    }

    /** Feeds the unfinished frame; true when it is done and {@code in} may hold more. */
    private boolean complete(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf unfinished = partial;
        assert unfinished != null;
        while (true) {
            int have = unfinished.readableBytes();
            int need = Frame.PREFIX_BYTES;
            if (have >= Frame.PREFIX_BYTES) {
                int length = unfinished.getIntLE(0);
                if (isTooLarge(ctx, length)) {
                    return false;
                }
                need += length;
                if (have == need) {
                    packet(unfinished, Frame.PREFIX_BYTES, length);
                    unfinished.release();
                    partial = null;
                    charge();
                    return true;
                }
            }
            int some = Math.min(need - have, in.readableBytes());
            if (some == 0) {
                charge();
                return false;
            }
            unfinished.writeBytes(in, some); // grows with what has come, never by what was announced
        }
    }

    private void packet(ByteBuf buf, int index, int length) {
        if (length < Tag.BYTES) {
            counters.count(Metric.MASTER_PACKET_SHORT);
            faults.warn("a packet shorter than its tag was skipped");
            return;
        }
        long id = buf.getLongLE(index);
        Flag flag = Flag.of(buf.getByte(index + Tag.ID_BYTES));
        if (flag == null) {
            counters.count(Metric.MASTER_PACKET_UNKNOWN_FLAG);
            faults.warn("a packet of an unknown flag was skipped");
            return;
        }
        switch (flag) {
            case DATA -> sessions.data(id, buf, index + Tag.BYTES, length - Tag.BYTES);
            case KICK -> sessions.kick(id);
            case FAILURE, RECONNECTION -> counters.count(Metric.MASTER_PACKET_IGNORED);
        }
    }

    private boolean isTooLarge(ChannelHandlerContext ctx, int length) {
        if (length >= 0 && length <= maxFrameBytes) {
            return false;
        }
        broken = true; // where the next frame begins can't be known
        counters.count(Metric.MASTER_FRAME_TOO_LARGE);
        log.warn(
                "the master sent a frame of {} bytes (at most {} are taken): its link is closed",
                Integer.toUnsignedString(length),
                maxFrameBytes);
        uplink.refuse(ctx.channel(), "frame over the limit");
        return true;
    }

    private void charge() {
        long now = partial == null ? 0 : partial.capacity();
        budget.charge(now - chargedBytes);
        chargedBytes = now;
    }
}
