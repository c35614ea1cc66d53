package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that runs when a test says so, on the test's thread, and whose time is a {@link ManualClock}. Tasks may
 * be put in by any thread.
 */
public final class ManualLoop extends AbstractScheduledEventExecutor implements EventLoop {
    /** The number of tasks after which a test ends that would never come to rest. */
    private static final int MOST_TASKS = 1_000_000;

    private static final ThreadLocal<@Nullable ManualLoop> RUNNING = new ThreadLocal<>();

    private final ManualClock clock;
    private final long startNanos;
    private final Ticker ticker = new Ticker() {
        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return nowNanos();
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    };
    private final DefaultPromise<Void> terminated = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    public ManualLoop(ManualClock clock) {
        this.clock = clock;
        startNanos = clock.getAsLong();
    }

    /** Runs all tasks that are due, and returns their number. */
    public int run() {
        int ran = 0;
        while (runOne()) {
            if (++ran > MOST_TASKS) {
                throw new AssertionError("the loop does not come to rest");
            }
        }
        return ran;
    }

    /** Runs the next task; false if none is due. */
    public boolean runOne() {
        Runnable task = pollScheduledTask(nowNanos());
        if (task == null) {
            task = tasks.poll();
        }
        if (task == null) {
            return false;
        }
        ManualLoop before = RUNNING.get();
        RUNNING.set(this);
        try {
            task.run();
        } finally {
            RUNNING.set(before);
        }
        return true;
    }

    /** Waits for a task of another thread, then runs all tasks that are due. */
    public void await() throws InterruptedException {
        Runnable task = tasks.poll(10, TimeUnit.SECONDS);
        if (task == null) {
            throw new AssertionError("nothing to run within 10 s");
        }
        task.run();
        run();
    }

    /** Moves the clock, then runs. */
    public void advance(Duration by) {
        clock.advance(by);
        run();
    }

    /** Ends the loop, so that Netty lets go of it: Netty keeps a resolver of addresses for each loop until then. */
    public void end() {
        terminated.setSuccess(null);
    }

    /** Netty's own count starts at 0. */
    private long nowNanos() {
        return clock.getAsLong() - startNanos;
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        // The thread that calls run() is the loop's. While a loop runs, the thread is no other loop's.
        ManualLoop running = RUNNING.get();
        return running == null || running == this;
    }

    @Override
    public EventLoopGroup parent() {
        return null;
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    @Override
    @Deprecated
    public void shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<?> terminationFuture() {
        return terminated;
    }
}
