package net.voltlane.bench.firehose;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import net.voltlane.bench.load.Ids;
import net.voltlane.bench.load.Payload;
import net.voltlane.bench.load.Transport;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.ListenWords;
import org.jspecify.annotations.Nullable;

/**
 * A backend on one thread of its own. It sends every client's data back at once, checks that what says it is of a
 * client came under the id that this client was given, and sends messages of its own when it is told to. Thread-safe.
 */
public final class BenchBackend implements AutoCloseable {

    private static final int READ_BYTES = 256 * 1024;
    private static final int CLOSE_SECONDS = 5;

    /** Enough for a busy firehose; what is due beyond it is not written but counted. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(512 * 1024, 2 * 1024 * 1024);

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Payload payload;
    private final Ids ids;
    private final Channel listener;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final AtomicLong mistaken = new AtomicLong();
    private volatile BiConsumer<Long, String> failures = (id, reason) -> {};

    /** The loop's: the newest firehose, and what is sent on it. */
    private @Nullable Channel firehose;

    private @Nullable FirehoseHandler handler;

    private volatile int version = Limits.PROTOCOL_VERSION;

    private @Nullable Broadcast broadcast;

    private BenchBackend(InetSocketAddress address, Transport transport, Payload payload, Ids ids) throws IOException {
        this.payload = payload;
        this.ids = ids;
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("bench-backend", true), transport.handlers());
        loop = group.next();
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FirehoseHandler(BenchBackend.this));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException("the bench's backend can't listen on " + address.getHostString() + ":"
                    + address.getPort() + ": " + ListenWords.of(bound.cause(), address.getPort()));
        }
        listener = bound.channel();
    }

    /**
     * Listens for connection servers.
     *
     * @param payload what messages say
     * @param ids the clients' session ids
     * @throws IOException if it can't listen there
     */
    public static BenchBackend listen(InetSocketAddress address, Transport transport, Payload payload, Ids ids)
            throws IOException {
        return new BenchBackend(address, transport, payload, ids);
    }

    /** The address at which it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Waits for a connection server; false if none came in time. */
    public boolean awaitFirehose(long seconds) throws InterruptedException {
        return reached.await(seconds, TimeUnit.SECONDS);
    }

    /** The version of the newest firehose, 2 or 3. */
    public int version() {
        return version;
    }

    /** Hears of every session's end, on the backend's thread. */
    public void onFailure(BiConsumer<Long, String> listenerOfFailures) {
        failures = listenerOfFailures;
    }

    /** Begins to send; whatever was sent before ends. */
    public void send(Broadcast next) {
        loop.execute(() -> {
            stopBroadcast();
            broadcast = next;
            FirehoseHandler newest = handler;
            if (firehose != null && newest != null) {
                next.start(firehose, newest::wrote);
            }
        });
    }

    /** Ends what {@link #send} began. When this returns its counts stand still. */
    public void stopSending() throws InterruptedException {
        try {
            loop.submit(this::stopBroadcast).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the backend's loop does not answer", e);
        }
    }

    /** Ends what {@link #send} began, without waiting. */
    public void stopSendingSoon() {
        loop.execute(this::stopBroadcast);
    }

    /** Number of messages that came under another id than that of the client which they name. */
    public long mistaken() {
        return mistaken.get();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private void stopBroadcast() {
        if (broadcast != null) {
            broadcast.stop();
            broadcast = null;
        }
    }

    // ---- the handler's, on the loop

    void opened(Channel channel, FirehoseHandler newest) {
        firehose = channel;
        handler = newest;
        version = Limits.PROTOCOL_VERSION; // as long as the server has not said otherwise
        reached.countDown();
    }

    void speaks3() {
        version = Limits.PROTOCOL_VERSION_3;
    }

    void writable(Channel channel) {
        if (channel == firehose && broadcast != null) {
            broadcast.pump();
        }
    }

    void data(long id, byte[] message, int length) {
        long known = ids.of(payload.clientOf(message, 0, length));
        if (known != 0 && known != id) {
            mistaken.incrementAndGet();
        }
    }

    void failed(long id, String reason) {
        failures.accept(id, reason);
    }
}
