package net.voltlane.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import net.voltlane.server.link.LinkReads;

/** The state of a client's link, and the questions that others ask of it. Belongs to the link's loop. */
abstract class LinkLife extends ChannelInboundHandlerAdapter {
    /** The reasons not to read from the channel, which it also knows. */
    final LinkReads<ReadPause> reads;

    private LinkState state = LinkState.JOINING;

    LinkLife(LinkReads<ReadPause> reads) {
        assert reads.isPausedFor(ReadPause.SERVER_TURN) : "read from before there is a session";
        this.reads = reads;
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

    final boolean isReading() {
        return state == LinkState.LIVE && !reads.isPaused();
    }
}
