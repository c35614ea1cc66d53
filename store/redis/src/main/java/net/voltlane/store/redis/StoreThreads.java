package net.voltlane.store.redis;

import io.lettuce.core.event.Event;
import io.lettuce.core.event.EventBus;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.Transports;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The store's thread, on which connections live and everything is decided, by epoll where there is one. For clusters the
 * library wants two more, which start when they are used. All are daemons named {@code voltlane-store-redis-…}.
 */
final class StoreThreads {
    private static final int FIRST_RECONNECT_MILLIS = 50;
    private static final int MAX_RECONNECT_MILLIS = 2_000;
    private static final int FLUSH_EVERY = 256;

    private final ThreadFactory factory = new DefaultThreadFactory("voltlane-store-redis", true);
    private final DefaultEventLoopGroupProvider loops = new DefaultEventLoopGroupProvider(1, pool -> factory);
    private final EventLoopGroup group = loops.allocate(Transports.eventLoopGroupClass());
    private final DefaultEventExecutorGroup others = new DefaultEventExecutorGroup(1, factory);
    private final HashedWheelTimer timer = new HashedWheelTimer(factory);

    private final ClientResources resources;

    /** @param together for a cluster: questions are handed over one by one there, and are written together */
    StoreThreads(boolean together) {
        resources = ClientResources.builder()
                .eventLoopGroupProvider(loops)
                .eventExecutorGroup(others)
                .timer(timer)
                .eventBus(new Silence())
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .reconnectDelay(
                        Delay.exponential(FIRST_RECONNECT_MILLIS, MAX_RECONNECT_MILLIS, TimeUnit.MILLISECONDS, 2))
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(@Nullable Channel channel) {
                        if (together && channel != null) {
                            channel.pipeline().addFirst(new FlushConsolidationHandler(FLUSH_EVERY, true));
                        }
                    }
                })
                .build();
    }

    /** The thread. */
    EventLoop loop() {
        return group.next();
    }

    /** The resources that the library runs on. */
    ClientResources resources() {
        return resources;
    }

    /** Ends the threads, soon. */
    void close() {
        resources.shutdown(0, 0, TimeUnit.MILLISECONDS);
        timer.stop();
        others.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
        group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of the store's thread, if it is not the caller's. */
    void awaitEnd(long millis) throws InterruptedException {
        if (!loop().inEventLoop()) {
            group.awaitTermination(millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Nobody listens to the library's events. */
    private static final class Silence implements EventBus {
        @Override
        public Flux<Event> get() {
            return Flux.never();
        }

        @Override
        public void publish(@Nullable Event event) {
            // nobody
        }
    }
}
