package net.voltlane.server.edge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import net.voltlane.proof.KeyPair;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.session.Sessions;

/** All clients: accepts them, spreads them over the loops, and ends what is left of them. Thread-safe. */
public final class ClientEdge {
    private static final int BACKLOG = 4096;
    /** Connections accepted in one tick: a loop under load has few ticks a second. */
    private static final int ACCEPTS_PER_TICK = 256;

    private static final long SWEEP_MILLIS = 100;

    /**
     * What client loops share with the rest of the server.
     *
     * @param readBytes size of one read of a client that sends much
     */
    public record Surroundings(
            EventLoop sessionLoop,
            ByteBufAllocator allocator,
            int readBytes,
            MemoryBudget budget,
            Metrics metrics,
            Gate gate,
            Upstream upstream,
            LongSupplier nanoClock) {}

    private final Map<EventExecutor, ClientLoop> loopOf = new HashMap<>();
    /** The same, for walks: those of the firehose come once per read. */
    private final ClientLoop[] loops;

    private final Surroundings around;
    private final SessionDoor door;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean stopping;
    private volatile Runnable onNoneOpen = () -> {};

    public ClientEdge(
            EventLoopGroup group,
            EdgeSettings settings,
            Surroundings around,
            ProofExecutor proofs,
            Sessions sessions,
            KeyPair serverKey,
            SecureRandom random) {
        this.around = around;
        door = new SessionDoor(sessions, serverKey, random);
        for (EventExecutor executor : group) {
            ClientLoop loop = new ClientLoop((EventLoop) executor, settings, around, proofs);
            loopOf.put(executor, loop);
            executor.scheduleWithFixedDelay(loop::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        loops = loopOf.values().toArray(ClientLoop[]::new);
    }

    /** Begins to accept clients; the future fails where the address can't be had. */
    public ChannelFuture listen(
            EventLoopGroup group, Class<? extends ServerChannel> channelType, SocketAddress address) {
        return new ServerBootstrap()
                .group(group)
                .channel(channelType)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                // Netty's default asks after each accepted connection whether there may be more, and takes one a tick
                // where the transport can't tell.
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator()
                                .respectMaybeMoreData(false)
                                .maxMessagesPerRead(ACCEPTS_PER_TICK))
                .handler(new AcceptErrors(around.nanoClock()))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted(channel);
                    }
                })
                .bind(address);
    }

    /** A connection has been accepted; on its loop. */
    void accepted(Channel channel) {
        if (stopping) {
            channel.close(); // was on its way while the listener closed
            return;
        }
        ClientLoop loop = loopOf.get(channel.eventLoop());
        loop.counters.count(Metric.CLIENTS_ACCEPTED);
        open.incrementAndGet();
        channel.closeFuture().addListener(f -> {
            if (open.decrementAndGet() == 0) {
                onNoneOpen.run();
            }
        });
        begin(channel, loop);
    }

    /** Begins the handshake of a connection. */
    private void begin(Channel channel, ClientLoop loop) {
        channel.config().setAllocator(loop.allocator);
        LinkReads reads = new LinkReads(loop.handshakeReads);
        channel.config().setRecvByteBufAllocator(reads);
        channel.pipeline().addLast("handshake", new HandshakeHandler(loop, door, channel, reads));
    }

    /**
     * At the memory limit: closes the handshakes that hold anything, and the links that still deliver though their
     * session has ended. Runs {@code then} on {@code sessionLoop} once all loops have.
     */
    public void shedStrangers(EventLoop sessionLoop, Runnable then) {
        AtomicInteger left = new AtomicInteger(loops.length);
        for (ClientLoop loop : loops) {
            loop.loop.execute(() -> {
                loop.shedStrangers();
                if (left.decrementAndGet() == 0) {
                    sessionLoop.execute(then);
                }
            });
        }
    }

    /** Closes all handshakes, and lets no new one begin. */
    public void stopHandshakes() {
        stopping = true;
        for (ClientLoop loop : loops) {
            loop.loop.execute(loop::stopHandshakes);
        }
    }

    /** A loop that the firehose had to wait for: true while there is one. On the session loop. */
    public boolean isAnyLoopBehind() {
        for (ClientLoop loop : loops) {
            if (loop.down.isFull()) {
                return true;
            }
        }
        return false;
    }

    /** Sends large batches for clients on their way before the tick ends. On the session loop. */
    public void postLarge() {
        for (ClientLoop loop : loops) {
            loop.down.postIfLarge();
        }
    }

    /** Runs {@code action} when no client channel is open, now or later; nothing may be accepted any more. Any thread. */
    public void whenNoneOpen(Runnable action) {
        onNoneOpen = action;
        if (open.get() == 0) {
            action.run();
        }
    }

    /** Frees what the loops hold; they have ended. */
    public void close() {
        for (ClientLoop loop : loops) {
            loop.close();
        }
    }
}
