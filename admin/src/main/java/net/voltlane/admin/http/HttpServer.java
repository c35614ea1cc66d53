package net.voltlane.admin.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server for operators with one thread of its own, whatever happens on its port. Made and closed on any thread.
 */
public final class HttpServer implements AutoCloseable {
    private static final int READ_BYTES = 8_192;
    private static final int LOW_WATER = 16_384;
    private static final int HIGH_WATER = 65_536;
    private static final long SWEEP_MILLIS = 500;
    private static final long QUIET_MILLIS = 0;
    private static final long CLOSE_MILLIS = 500;

    private final EventLoopGroup thread = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("voltlane-admin", true), NioIoHandler.newFactory());
    private final HttpFigures figures = new HttpFigures();
    private final AccessPolicy policy;
    private final HttpLimits limits;
    private final Connections connections;
    private final LongSupplier nanoClock;

    /**
     * @param token null: nobody may change anything
     * @param hosts names that a Host header may have, beside addresses and {@code localhost}
     */
    public HttpServer(@Nullable Token token, Set<String> hosts) {
        this(token, hosts, HttpLimits.DEFAULT, System::nanoTime);
    }

    HttpServer(@Nullable Token token, Set<String> hosts, HttpLimits limits, LongSupplier nanoClock) {
        this.policy = new AccessPolicy(token, hosts, figures, nanoClock);
        this.limits = limits;
        connections = new Connections(limits, figures);
        this.nanoClock = nanoClock;
    }

    /**
     * Serves a port. Called once.
     *
     * @param port listens already; it is closed with this server
     */
    public void serve(ServerSocketChannel port, List<Route> routes) {
        HttpContext context =
                new HttpContext(limits, connections, new Dispatcher(new Router(routes), policy), figures, nanoClock);
        new ServerBootstrap()
                .group(thread)
                .channelFactory(() -> new NioServerSocketChannel(port))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_WATER, HIGH_WATER))
                .childHandler(new HttpPipeline(context))
                .register()
                .syncUninterruptibly();
        thread.scheduleWithFixedDelay(
                () -> connections.sweep(nanoClock.getAsLong()), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The server's one thread, for tasks that belong to it. */
    public ScheduledExecutorService executor() {
        return thread;
    }

    /** The counters of this server. */
    public HttpFigures figures() {
        return figures;
    }

    /** The number of open connections, for tests. */
    int open() throws Exception {
        return thread.submit(connections::size).get();
    }

    /** The number of connections with a part of a request, for tests. */
    int reading() throws Exception {
        return thread.submit(connections::reading).get();
    }

    /** Closes the port and all connections. Returns at once. */
    @Override
    public void close() {
        thread.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
