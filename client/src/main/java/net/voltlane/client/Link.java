package net.voltlane.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection. One thread connects and reads, another may write, and any may close it: whoever waits in it then
 * gets an {@link IOException}.
 *
 * <p>It is a channel, not a plain socket, because a channel tells how much of a write the kernel has taken when it
 * fails.
 */
final class Link {

    /**
     * Seconds, and a count: a peer that is gone without a word is found out after about 30 s of silence, if all that we
     * had sent was acknowledged before. While something is not, the kernel repeats that instead of probing, and gives
     * up much later: Linux after about a quarter of an hour. The JDK has no option for that.
     */
    private static final Map<String, Integer> KEEPALIVE =
            Map.of("TCP_KEEPIDLE", 15, "TCP_KEEPINTERVAL", 5, "TCP_KEEPCOUNT", 3);

    private final SocketChannel channel;
    private final FrameReader frames = new FrameReader(this::read);
    private @Nullable InputStream in;
    private boolean bounded;
    private long deadlineNanos;

    private Link(SocketChannel channel) {
        this.channel = channel;
    }

    /** A link that is not connected yet, so that it can be closed while it is. */
    static Link unconnected() throws IOException {
        return new Link(SocketChannel.open());
    }

    void connect(InetSocketAddress address, long nanos) throws IOException {
        channel.socket().connect(address, millis(nanos));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        for (SocketOption<?> option : channel.supportedOptions()) {
            Integer value = KEEPALIVE.get(option.name());
            if (value != null && option.type() == Integer.class) {
                set(option, value);
            }
        }
        in = channel.socket().getInputStream();
    }

    /** By name: the options have a module of their own, which a small runtime may lack. */
    @SuppressWarnings("unchecked")
    private void set(SocketOption<?> option, int value) throws IOException {
        channel.setOption((SocketOption<Integer>) option, value);
    }

    /**
     * From now on {@link #next} throws {@link SocketTimeoutException} when so much time has passed, however much comes.
     */
    void bound(long nanos) {
        deadlineNanos = System.nanoTime() + nanos;
        bounded = true;
    }

    /** Takes {@link #bound} back. */
    void unbound() throws IOException {
        bounded = false;
        channel.socket().setSoTimeout(0);
    }

    /** See {@link FrameReader#next}. */
    byte @Nullable [] next(int maxBytes) throws IOException {
        return frames.next(maxBytes);
    }

    private int read(byte[] into, int offset, int length) throws IOException {
        InputStream stream = in;
        if (stream == null) {
            throw new IOException("not connected");
        }
        if (bounded) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            channel.socket().setSoTimeout(millis(left));
        }
        return stream.read(into, offset, length);
    }

    /** Waits until the kernel has taken some of it; returns how much. */
    int write(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Tells the server that nothing more comes; reading goes on. */
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Whether nobody at this end has closed it; the server may have. */
    boolean isOpen() {
        return channel.isOpen();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed for us; what the kernel makes of the rest is out of reach.
        }
    }

    /** At least one: 0 would mean for ever. */
    private static int millis(long nanos) {
        return (int) Math.min(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), Integer.MAX_VALUE);
    }
}
