package net.voltlane.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import net.voltlane.protocol.CloseCode;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.LayerInput;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/** The state of a client's link, and the questions that others ask of it. Belongs to the link's loop. */
abstract class LinkLife extends ChannelInboundHandlerAdapter {
    private static final byte[] NO_TEXT = {};

    /** The reasons not to read from the channel, which it also knows. */
    final LinkReads<ReadPause> reads;

    final LinkContext context;
    private LinkState state = LinkState.JOINING;

    /** The {@link RateAndIdleLimiter}'s own; null until the limiter first looks at this link. */
    @Nullable
    LinkPace pace;
    /** The index of this link among those of the limiter; -1 if it is not among them. */
    int limiterIndex = -1;

    LinkLife(LinkReads<ReadPause> reads, LinkContext context) {
        assert reads.isPausedFor(ReadPause.SERVER_TURN) : "read from before there is a session";
        this.reads = reads;
        this.context = context;
    }

    /** The connection's part of its transport. */
    final Layer layer() {
        return context.transport().layer(channel());
    }

    /** Notes why the link ends, for the transport's farewell. */
    final void endsFor(CloseCode why) {
        layer().endsWith(why, NO_TEXT);
    }

    /** The transport's codec has read bytes that are of no frame: they count as all others do. */
    abstract void codecWasRead(int bytes);

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof LayerInput read) {
            codecWasRead(read.bytes());
        }
    }

    final Channel channel() {
        return reads.channel();
    }

    /** For assertions of this object and its parts. */
    final boolean isOnItsLoop() {
        return channel().eventLoop().inEventLoop();
    }

    final boolean is(LinkState asked) {
        return state == asked;
    }

    final void become(LinkState next) {
        assert isOnItsLoop() : "belongs to the loop of its channel";
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    final boolean isLive() {
        return state == LinkState.LIVE;
    }

    /** False once the link is ending. */
    final boolean isUp() {
        return state.isUp();
    }

    /** The client has just sent more than it may: it waits until it may send again. */
    final void pauseForRate() {
        context.faults().count(Metric.LINKS_PAUSED);
        reads.pause(ReadPause.OVER_RATE);
    }

    final boolean isReading() {
        return state == LinkState.LIVE && !reads.isPaused();
    }
}
