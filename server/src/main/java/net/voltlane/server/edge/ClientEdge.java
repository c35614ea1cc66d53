package net.voltlane.server.edge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import net.voltlane.protocol.link3.GoAway;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.KernelPeerProbe;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.link.Transport;
import net.voltlane.server.link.UnixSockets;
import net.voltlane.server.link.Upstream;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;

/** The server's side of all clients: accepts them, spreads them over the loops, and closes what is left. Thread-safe. */
public final class ClientEdge {
    private static final int BACKLOG = 4096;
    static final long SWEEP_MILLIS = 100;
    /** The address that clients of a Unix socket count as. */
    private static final InetAddress UNIX_SOURCE = ProxyHeader.address(new byte[] {127, 0, 0, 1});

    /**
     * The parts of the server that client loops share.
     *
     * @param readBytes the size of one read of a client that sends much
     */
    public record Dependencies(
            EventLoop sessionLoop,
            ByteBufAllocator allocator,
            int readBytes,
            MemoryBudget budget,
            Metrics metrics,
            Gate gate,
            FirehoseFlow flow,
            Upstream upstream,
            ServedTime time,
            Guard guard) {}

    private final Map<EventExecutor, ClientLoop> loopOf = new HashMap<>();
    /** The loops once more, for walks over all of them. */
    private final ClientLoop[] loops;

    private final Dependencies dependencies;

    final OpenConnections connections;
    /** The loop of all listening sockets. */
    private final EventLoop acceptLoop;

    /** The counters of all acceptors. */
    private final Counters acceptCounters;

    private volatile boolean stopping;

    public ClientEdge(
            EventLoopGroup group,
            EdgeSettings settings,
            Dependencies dependencies,
            ProofExecutor proofs,
            Sessions sessions,
            ServerIdentity identity) {
        this(group, settings, dependencies, proofs, sessions, identity, KernelPeerProbe::new);
    }

    /** @param probes makes one for each loop */
    ClientEdge(
            EventLoopGroup group,
            EdgeSettings settings,
            Dependencies dependencies,
            ProofExecutor proofs,
            Sessions sessions,
            ServerIdentity identity,
            Supplier<PeerProbe> probes) {
        this.dependencies = dependencies;
        for (EventExecutor executor : group) {
            ClientLoop loop = new ClientLoop(
                    (EventLoop) executor, settings, dependencies, proofs, sessions, identity, probes.get());
            loopOf.put(executor, loop);
            executor.scheduleWithFixedDelay(loop::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        loops = loopOf.values().toArray(ClientLoop[]::new);
        acceptLoop = group.next();
        acceptCounters = dependencies.metrics().newCounters();
        connections = new OpenConnections(acceptCounters, dependencies.time());
    }

    /**
     * Sets the number of connections that may be open at a time, on all listeners together, at least 1. Clients that
     * come then wait. Before the first call of {@link #listen}.
     */
    public void bound(int openConnections) {
        connections.bound(openConnections);
    }

    /**
     * Begins to accept clients. The future fails if the address can't be bound. One call for each listener.
     *
     * @param transport the layers between the listener's sockets and the frames of its clients
     */
    public ChannelFuture listen(
            EventLoopGroup group,
            ChannelFactory<? extends ServerChannel> channels,
            SocketAddress address,
            Transport transport) {
        Acceptor acceptor = new Acceptor(connections, acceptCounters, dependencies.time());
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (address instanceof InetSocketAddress) {
            bootstrap
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        return bootstrap
                .group(acceptLoop, group)
                .channelFactory(channels)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.RECVBUF_ALLOCATOR, acceptor.reads)
                .handler(acceptor)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted(channel, transport);
                    }
                })
                .bind(address);
    }

    /**
     * Replaces the settings on every loop, each by an event of its own. Any thread.
     *
     * @return completes when the last loop has them
     */
    public CompletionStage<Void> settings(EdgeSettings next) {
        CompletableFuture<?>[] replaced = new CompletableFuture<?>[loops.length];
        for (int i = 0; i < loops.length; i++) {
            ClientLoop loop = loops[i];
            replaced[i] = CompletableFuture.runAsync(() -> loop.settings(next), loop::execute);
        }
        return CompletableFuture.allOf(replaced);
    }

    /** The number of connections that are open. Any thread. */
    public int openConnections() {
        return connections.count();
    }

    /** The number of live sessions whose client does not take at once what is sent to it. Any thread. */
    public long slowClients() {
        long slow = 0;
        for (ClientLoop loop : loops) {
            slow += loop.slowClients();
        }
        return slow;
    }

    /** Bytes that links keep until their clients acknowledge them. Any thread. */
    public long keptBytes() {
        long bytes = 0;
        for (ClientLoop loop : loops) {
            bytes += loop.keptBytes();
        }
        return bytes;
    }

    /** A connection has been accepted. On the connection's loop. */
    void accepted(Channel channel, Transport transport) {
        if (stopping) {
            channel.close(); // was accepted while the listener closed
            return;
        }
        ClientLoop loop = loopOf.get(channel.eventLoop());
        assert loop != null : "accepted on a loop of another edge";
        loop.accepted(channel);
        InetAddress address = source(channel);
        if (address == null) {
            channel.close(); // was reset before its address could be read
            return;
        }
        TrustedProxies proxies = loop.trustedProxies();
        if (!proxies.sendHeaders()) {
            loop.begin(channel, transport, address);
        } else if (proxies.addresses().test(address)) {
            loop.beginBehindProxy(channel, transport, address);
        } else {
            loop.refusals.rejected(Metric.REJECTED_PROXY_UNTRUSTED, address);
            channel.close();
        }
    }

    /** The address that a connection comes from: loopback, if it is one of a Unix socket. Null: unknown. */
    private static @Nullable InetAddress source(Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress remote) {
            return ProxyHeader.address(remote.getAddress().getAddress()); // without a zone
        }
        return UnixSockets.isUnix(channel) ? UNIX_SOURCE : null;
    }

    /**
     * Frees memory at its limit, before sessions are ended: closes the handshakes that hold any, and drops what links
     * without a session still deliver. Runs {@code then} on {@code sessionLoop} once all loops are done.
     */
    public void shedWithoutSession(EventLoop sessionLoop, Runnable then) {
        AtomicInteger left = new AtomicInteger(loops.length);
        for (ClientLoop loop : loops) {
            loop.execute(() -> {
                try {
                    loop.timeouts.shed();
                } finally { // else the memory limit would not be looked at again
                    if (left.decrementAndGet() == 0) {
                        sessionLoop.execute(then);
                    }
                }
            });
        }
    }

    /**
     * Tells the client of each live link of version 3 to come back within this time. Links that are live later are told
     * nothing. On the session loop, behind which all sessions that it opened or resumed before are live on their loops.
     *
     * @param elsewhere host:port of each server that clients can come back to, each of which is named to a fair share of
     *     them; none is named if it is empty
     */
    public void goAway(long withinMillis, List<String> elsewhere) {
        List<GoAway> goAways = new ArrayList<>();
        elsewhere.forEach(server -> goAways.add(new GoAway(withinMillis, server)));
        if (goAways.isEmpty()) {
            goAways.add(new GoAway(withinMillis));
        }
        for (ClientLoop loop : loops) {
            loop.goAway(List.copyOf(goAways));
            Collections.rotate(goAways, 1); // loops with few clients don't all begin with the same server
        }
    }

    /** Closes all handshakes, and lets no new ones begin. */
    public void stopHandshakes() {
        stopping = true;
        for (ClientLoop loop : loops) {
            loop.execute(loop.timeouts::stopHandshakes);
        }
    }

    /**
     * Runs {@code action} when no client connection is open, now or later. Only once nothing is accepted any more. Any
     * thread.
     */
    public void whenNoneOpen(Runnable action) {
        connections.whenNone(action);
    }

    /** Frees the loops' buffers; the loops have ended. */
    public void close() {
        for (ClientLoop loop : loops) {
            loop.close();
        }
    }
}
