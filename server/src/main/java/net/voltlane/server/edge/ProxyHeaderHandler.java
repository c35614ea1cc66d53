package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import net.voltlane.server.edge.ProxyHeader.Verdict;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.metrics.Metric;

/**
 * A connection from a trusted proxy until its PROXY header has been read. Then this handler removes itself, and passes
 * input behind the header on to the handshake. The time for the header is part of the time for the handshake. Belongs to
 * the connection's loop.
 */
final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter implements PendingConnection {
    /** Begins the handshake, with the deadline that runs already. */
    interface Next {
        /** @param address the client's address, or the proxy's own if it speaks for itself */
        void begin(InetAddress address, Deadlines<PendingConnection>.Entry deadline);
    }

    private final Refusals refusals;
    private final Channel channel;
    private final InetAddress proxy;
    private final Next next;
    private final ProxyHeader header = new ProxyHeader();
    private final Deadlines<PendingConnection>.Entry deadline;
    private boolean done;

    /** @param proxy the address that the connection comes from */
    ProxyHeaderHandler(LoopTimeouts timeouts, Refusals refusals, Channel channel, InetAddress proxy, Next next) {
        this.refusals = refusals;
        this.channel = channel;
        this.proxy = proxy;
        this.next = next;
        deadline = timeouts.beginHandshake(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        Verdict verdict = Verdict.MORE;
        try {
            if (!done) {
                verdict = header.read(in);
            }
        } finally {
            if (verdict != Verdict.COMPLETE) {
                in.release();
            }
        }
        switch (verdict) {
            case MORE -> {}
            case COMPLETE -> handOver(ctx, in);
            case MISSING -> reject(Metric.REJECTED_PROXY_MISSING);
            case MALFORMED -> reject(Metric.REJECTED_PROXY_MALFORMED);
            case TOO_LONG -> reject(Metric.REJECTED_PROXY_TOO_LONG);
        }
    }

    /** @param in the input behind the header; released here, or by the handler that gets it */
    private void handOver(ChannelHandlerContext ctx, ByteBuf in) {
        done = true;
        ctx.pipeline().remove(this);
        InetAddress client = header.source();
        next.begin(client == null ? proxy : client, deadline);
        if (in.isReadable() && channel.isOpen()) {
            channel.pipeline().fireChannelRead(in);
        } else {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            refusals.abandoned();
            done = true;
            deadline.cancel();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refusals.thrown("a link of proxy " + proxy.getHostAddress() + " before its PROXY header", cause);
        ctx.close();
    }

    private void reject(Metric why) {
        if (!done) {
            done = true;
            deadline.cancel();
            refusals.rejected(why, proxy);
            channel.close();
        }
    }

    @Override
    public void timedOut() {
        reject(Metric.REJECTED_TIMEOUT);
    }

    @Override
    public void shed() {
        // the header's memory is not counted
    }

    @Override
    public void stop() {
        reject(Metric.REJECTED_STOPPING);
    }
}
