package net.voltlane.server.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.function.Predicate;
import net.voltlane.server.link.CodecException;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.Transport;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A connection from a trusted proxy that speaks for its client in the transport's own words, such as HTTP, until it has
 * named the client. Then this handler makes room for the handshake. The time for that is part of the time for the
 * handshake. Belongs to the connection's loop.
 */
final class WebProxyHandler extends ChannelInboundHandlerAdapter implements PendingConnection, Layer.Naming {
    /** Begins the handshake, with the deadline that runs already. */
    interface Next {
        /** Returns false if a limit stands against the client; the connection is closed then. */
        boolean begin(InetAddress client, Deadlines<PendingConnection>.Entry deadline);
    }

    private final LoopTimeouts timeouts;
    private final Refusals refusals;
    private final LinkReads<ReadPause> reads;
    private final Transport transport;
    private final InetAddress proxy;
    private final Predicate<InetAddress> trusted;
    private final Next next;
    private final Deadlines<PendingConnection>.Entry deadline;
    private boolean done;

    /** A connection, the listener that it came through, and the address that it comes from. */
    record Arrival(LinkReads<ReadPause> reads, Transport transport, InetAddress proxy) {}

    /** @param begun the deadline of a PROXY header that came before; null: the time begins now */
    WebProxyHandler(
            LoopTimeouts timeouts,
            Refusals refusals,
            Arrival arrival,
            Predicate<InetAddress> trusted,
            Deadlines<PendingConnection>.@Nullable Entry begun,
            Next next) {
        this.timeouts = timeouts;
        this.refusals = refusals;
        reads = arrival.reads();
        transport = arrival.transport();
        proxy = arrival.proxy();
        this.trusted = trusted;
        this.next = next;
        if (begun == null) {
            deadline = timeouts.beginHandshake(this);
        } else {
            deadline = begun;
            deadline.passTo(this);
        }
    }

    @Override
    public InetAddress proxy() {
        return proxy;
    }

    @Override
    public boolean trusts(InetAddress address) {
        return trusted.test(address);
    }

    @Override
    public boolean named(InetAddress client) {
        if (done) {
            return false;
        }
        done = true;
        reads.channel().pipeline().remove(this);
        return next.begin(client, deadline);
    }

    /** Nothing comes before the client is named but word of a fault. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ReferenceCountUtil.release(msg);
        Layer.Fault fault = layer().fault();
        reject(fault == null ? Metric.REJECTED_MALFORMED : fault.metric());
    }

    private void reject(Metric why) {
        if (done) {
            return;
        }
        done = true;
        deadline.cancel();
        refusals.rejected(why, proxy);
        Layer.Fault fault = layer().fault();
        if (fault != null && fault.isAnswered()) {
            timeouts.linger(reads.channel(), transport);
        } else {
            reads.channel().close();
        }
    }

    private Layer layer() {
        return transport.layer(reads.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            done = true;
            deadline.cancel();
            refusals.abandoned();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CodecException fault) {
            reject(fault.rejected());
            return;
        }
        refusals.thrown("a link of proxy " + proxy.getHostAddress() + " before its request", cause);
        ctx.close();
    }

    @Override
    public void timedOut() {
        reject(Metric.REJECTED_TIMEOUT);
    }

    /** At the memory limit handshakes go before sessions do. */
    @Override
    public void shed() {
        if (layer().heldBytes() > 0) {
            reject(Metric.REJECTED_MEMORY);
        }
    }

    @Override
    public void stop() {
        reject(Metric.REJECTED_STOPPING);
    }
}
