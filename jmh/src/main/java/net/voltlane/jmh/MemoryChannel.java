package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose socket is memory. It reads and writes as Netty's epoll transport does, copies what the kernel would
 * copy, takes everything at once, and allocates nothing of its own. Belongs to the benchmark's thread.
 *
 * <p>A bootstrap makes those that dial, so it is public.
 */
public final class MemoryChannel extends AbstractChannel {
    private static final SocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int SINK_BYTES = 64 * 1024;
    private static @Nullable MemoryChannel lastDialled;

    private final Config config = new Config(this);
    private boolean open = true;
    private boolean active;

    private ByteBuf input = Unpooled.EMPTY_BUFFER;
    private int position;
    private boolean readPending;

    private final ByteBuf sink;
    private final boolean keeps;
    private long takenBytes;

    private MemoryChannel(boolean active, ByteBuf sink, boolean keeps) {
        super(null);
        this.active = active;
        this.sink = sink;
        this.keeps = keeps;
    }

    /** An accepted connection; what it is sent is copied into {@code sink}, over what was there. */
    static MemoryChannel accepted(ByteBuf sink) {
        return new MemoryChannel(true, sink, false);
    }

    /** A connection to be dialled, for a bootstrap; what it is sent is kept, in {@link #taken}. */
    public MemoryChannel() {
        this(false, Unpooled.directBuffer(SINK_BYTES), true);
    }

    /** The one that was dialled last. */
    static MemoryChannel lastDialled() {
        MemoryChannel last = lastDialled;
        if (last == null) {
            throw new IllegalStateException("nothing was dialled");
        }
        lastDialled = null;
        return last;
    }

    // ---- the peer's side

    /** The peer sends these bytes, of which one read takes what it can; true when more are left. */
    boolean receive(ByteBuf bytes) {
        input = bytes;
        position = bytes.readerIndex();
        return readMore();
    }

    /** Reads once more, if the channel is being read; true when more bytes are left. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is, but what else is there?
    boolean readMore() {
        int left = input.writerIndex() - position;
        if (left == 0 || !readPending) {
            return left > 0;
        }
        readPending = false;
        RecvByteBufAllocator.Handle handle = unsafe().recvBufAllocHandle();
        handle.reset(config);
        ByteBuf buf = handle.allocate(alloc());
        int n = Math.min(buf.writableBytes(), left);
        handle.attemptedBytesRead(buf.writableBytes());
        buf.writeBytes(input, position, n);
        position += n;
        handle.lastBytesRead(n);
        handle.incMessagesRead(1);
        pipeline().fireChannelRead(buf);
        handle.readComplete();
        pipeline().fireChannelReadComplete();
        return left > n;
    }

    /** Returns the number of bytes that the socket has taken in all. */
    long takenBytes() {
        return takenBytes;
    }

    /**
     * Returns the bytes that the socket has taken since the buffer was last cleared; for an accepted channel, those of
     * the last write only.
     */
    ByteBuf taken() {
        return sink;
    }

    // ---- the transport

    @Override
    protected void doBeginRead() {
        readPending = true;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        for (Object next = out.current(); next != null; next = out.current()) {
            ByteBuf buf = (ByteBuf) next;
            int bytes = buf.readableBytes();
            if (!keeps) {
                sink.clear();
            }
            if (buf.nioBufferCount() == 1) {
                sink.writeBytes(buf, buf.readerIndex(), bytes);
            } else {
                for (ByteBuffer part : buf.nioBuffers()) { // epoll asks for them as well
                    sink.writeBytes(part);
                }
            }
            takenBytes += bytes;
            out.removeBytes(bytes);
        }
    }

    @Override
    protected void doClose() {
        open = false;
        active = false;
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                lastDialled = MemoryChannel.this;
                active = true;
                promise.trySuccess();
                pipeline().fireChannelActive();
            }
        };
    }

    private static final class Config extends DefaultChannelConfig {
        Config(MemoryChannel channel) {
            super(channel);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            super.setOption(option, value);
            return true; // options of TCP are accepted and have no effect
        }

        @Override
        protected void autoReadCleared() {
            ((MemoryChannel) channel).readPending = false;
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
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return PEER;
    }
}
