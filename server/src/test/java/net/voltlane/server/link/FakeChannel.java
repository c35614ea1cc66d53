package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose peer is the test. Its socket takes as many bytes as the test says, and advances the reader index of
 * the buffer that it took in part, as all real transports do; what the test sends is read only as long as the channel
 * reads, into the buffers that its configuration names. A channel of a bootstrap waits for {@link #accepted} or
 * {@link #refused}.
 *
 * <p>Reads happen on the channel's {@link ManualLoop}; everything else happens at once.
 */
public final class FakeChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final Deque<FakeChannel> DIALLED = new ArrayDeque<>();
    private static final SocketAddress HERE = InetSocketAddress.createUnresolved("here", 1);

    private final Config config = new Config(this);

    private boolean open = true;
    private boolean active;
    private boolean outputShut;
    private boolean inputShut;

    private long room = Long.MAX_VALUE;
    private boolean writePending;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private Consumer<byte[]> onTaken = taken::writeBytes;
    private Consumer<byte[]> onRead = bytes -> {};
    private Runnable onShut = () -> {};

    private byte[] toRead = new byte[0];
    private boolean readPending;
    private boolean fin;

    private @Nullable SocketAddress address;
    private @Nullable ChannelPromise connecting;

    /** A channel for a bootstrap. */
    public FakeChannel() {
        super(null);
    }

    /** A channel that is connected. */
    public static FakeChannel connected(ManualLoop loop) {
        return connected(loop, InetAddress.getLoopbackAddress());
    }

    /** A channel that is connected, from this address. */
    public static FakeChannel connected(ManualLoop loop, InetAddress from) {
        FakeChannel channel = new FakeChannel();
        channel.address = new InetSocketAddress(from, 1);
        channel.active = true;
        loop.register(channel);
        return channel;
    }

    /** The oldest dialled channel that has not been returned here yet; null if there is none. */
    public static @Nullable FakeChannel nextDialled() {
        return DIALLED.poll();
    }

    /** Forgets the dialled channels that have not been returned. */
    public static void forgetDialled() {
        DIALLED.clear();
    }

    // ---- the peer's side

    /** Gives the socket room for so many more bytes: it takes the bytes that wait at once. */
    public FakeChannel takes(long bytes) {
        room = bytes;
        ((SocketSide) unsafe()).forceFlush();
        return this;
    }

    /** Gives the socket room for everything. */
    public FakeChannel takesAll() {
        return takes(Long.MAX_VALUE);
    }

    /** The bytes that the socket has taken since the last call. */
    public byte[] taken() {
        byte[] all = taken.toByteArray();
        taken.reset();
        return all;
    }

    /** The peer sends bytes, which are read when the loop runs, if the channel reads. */
    public FakeChannel receives(byte[] bytes) {
        toRead = Bytes.concat(toRead, bytes);
        eventLoop().execute(() -> read(false));
        return this;
    }

    /**
     * From now on passes on the bytes that the socket takes, instead of keeping them for {@link #taken}, and the bytes
     * that are read, before the pipeline gets them.
     */
    public void watch(Consumer<byte[]> whenTaken, Consumer<byte[]> whenRead) {
        onTaken = whenTaken;
        onRead = whenRead;
    }

    /** Sets what follows when the output is shut. */
    public void watchShut(Runnable whenShut) {
        onShut = whenShut;
    }

    /** The bytes that the peer has sent and the channel has not read. */
    public int unreadBytes() {
        return toRead.length;
    }

    /** The peer closes. The transport then reads to the end, as epoll does, even if the channel does not read. */
    public void finished() {
        fin = true;
        readForced();
    }

    /** The transport reads once, even if the channel does not read. */
    public void readForced() {
        eventLoop().execute(() -> read(true));
    }

    /** The link breaks. */
    public void broken(Throwable cause) {
        pipeline().fireExceptionCaught(cause);
        close();
    }

    /** True if bytes were written that the socket has not taken. */
    public boolean hasWaiting() {
        ChannelOutboundBuffer waiting = unsafe().outboundBuffer();
        return waiting != null && waiting.totalPendingWriteBytes() > 0;
    }

    /** True if the output was shut while the channel was open. */
    public boolean endedItsOutput() {
        return outputShut;
    }

    /** True if the channel was closed with a reset. */
    public boolean wasReset() {
        return !open && config.lingerSecs == 0;
    }

    /** The address that a bootstrap has dialled; null if none has. */
    public @Nullable SocketAddress address() {
        return address;
    }

    /** The dialled peer accepts. */
    public void accepted() {
        ChannelPromise promise = connecting;
        connecting = null;
        active = true;
        promise.trySuccess();
        pipeline().fireChannelActive();
    }

    /** The dialled peer does not accept. */
    public void refused(Throwable cause) {
        ChannelPromise promise = connecting;
        connecting = null;
        promise.tryFailure(cause);
        close();
    }

    // ---- the transport

    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is, but what else is there?
    private void read(boolean forced) {
        if (!active || !(readPending || forced)) {
            return;
        }
        if (toRead.length == 0) {
            if (fin) {
                close();
            }
            return; // what was asked for is still to come
        }
        readPending = false;
        RecvByteBufAllocator.Handle handle = unsafe().recvBufAllocHandle();
        handle.reset(config);
        do {
            ByteBuf buf = handle.allocate(alloc());
            int n = Math.min(buf.writableBytes(), toRead.length);
            buf.writeBytes(toRead, 0, n);
            onRead.accept(Arrays.copyOf(toRead, n));
            toRead = Arrays.copyOfRange(toRead, n, toRead.length);
            handle.attemptedBytesRead(n);
            handle.lastBytesRead(n);
            handle.incMessagesRead(1);
            pipeline().fireChannelRead(buf);
        } while (toRead.length > 0 && handle.continueReading());
        handle.readComplete();
        pipeline().fireChannelReadComplete();
        if (forced && fin) {
            read(true);
        }
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        if (toRead.length > 0 || fin) {
            eventLoop().execute(() -> read(false));
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        for (Object current = in.current(); current != null; current = in.current()) {
            ByteBuf buf = (ByteBuf) current;
            int n = (int) Math.min(room, buf.readableBytes());
            if (n == 0 && buf.isReadable()) {
                writePending = true;
                return;
            }
            byte[] bytes = new byte[n];
            buf.getBytes(buf.readerIndex(), bytes);
            room -= n;
            if (n > 0) {
                onTaken.accept(bytes);
            }
            in.removeBytes(n);
        }
        writePending = false;
    }

    @Override
    protected void doClose() {
        open = false;
        active = false;
    }

    @Override
    protected void doShutdownOutput() {
        outputShut = true;
        onShut.run();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new SocketSide();
    }

    private final class SocketSide extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            address = remote;
            connecting = promise;
            DIALLED.add(FakeChannel.this);
        }

        @Override
        protected void flush0() {
            if (!writePending) { // else the loop writes on when there is room
                super.flush0();
            }
        }

        void forceFlush() {
            super.flush0();
        }
    }

    private static final class Config extends DefaultChannelConfig {
        private int lingerSecs = -1;

        Config(FakeChannel channel) {
            super(channel);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (option == ChannelOption.SO_LINGER) {
                lingerSecs = (Integer) value;
                return true;
            }
            // Options of TCP are accepted, and mean nothing here.
            super.setOption(option, value);
            return true;
        }

        @Override
        protected void autoReadCleared() {
            ((FakeChannel) channel).readPending = false;
        }
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof ManualLoop;
    }

    @Override
    protected SocketAddress localAddress0() {
        return HERE;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return address;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut || !open;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut || !open;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        return promise;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShut = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownOutput();
        return shutdownInput(promise);
    }
}
