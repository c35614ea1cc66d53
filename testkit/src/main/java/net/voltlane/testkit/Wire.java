package net.voltlane.testkit;

import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose every operation has a time limit. Blocking sockets can't bound a write, so this is a non-blocking
 * channel with one selector for each direction: one thread may read while another writes.
 */
final class Wire implements AutoCloseable {
    private final String name;
    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;

    /** Takes over a connected channel. {@code name} is the subject of failure messages. */
    Wire(String name, SocketChannel channel) {
        this.name = name;
        this.channel = channel;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            readable = Selector.open();
            writable = Selector.open();
            channel.register(readable, OP_READ);
            channel.register(writable, OP_WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int localPort() {
        return channel.socket().getLocalPort();
    }

    /**
     * Dials.
     *
     * @param bufferBytes size asked of the kernel for each of both buffers (it may double it), 0 for its default
     * @throws AssertionError when nobody accepts in time or the connection is refused
     */
    static Wire connect(String name, InetSocketAddress address, int bufferBytes, Duration limit) {
        return connect(name, null, address, bufferBytes, limit);
    }

    /**
     * Dials from an address of this machine.
     *
     * @param from null: any
     */
    static Wire connect(
            String name, @Nullable InetAddress from, InetSocketAddress address, int bufferBytes, Duration limit) {
        try {
            SocketChannel channel = SocketChannel.open();
            try {
                if (from != null) {
                    channel.bind(new InetSocketAddress(from, 0));
                }
                if (bufferBytes > 0) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, bufferBytes);
                    channel.setOption(StandardSocketOptions.SO_SNDBUF, bufferBytes);
                }
                channel.socket().connect(address, Math.toIntExact(limit.toMillis()));
                return new Wire(name, channel);
            } catch (IOException e) {
                channel.close();
                throw new AssertionError(name + ": can't connect to " + address + ": " + e.getMessage(), e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the socket as much as it takes at this moment; returns how many bytes that were. */
    int offer(ByteBuffer bytes) {
        try {
            return channel.write(bytes);
        } catch (IOException e) {
            throw new LinkEnded(name + ": the link broke while writing: " + e.getMessage(), false);
        }
    }

    /** As {@link #offer(ByteBuffer)}, waiting until the socket takes something; 0 when it takes nothing in time. */
    int offer(ByteBuffer bytes, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        int taken = offer(bytes);
        while (taken == 0 && bytes.hasRemaining() && await(writable, deadline)) {
            taken = offer(bytes);
        }
        return taken;
    }

    /**
     * Writes all of {@code bytes}.
     *
     * @throws AssertionError when the socket does not take them in time, or breaks
     */
    void write(ByteBuffer bytes, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        int total = bytes.remaining();
        offer(bytes);
        while (bytes.hasRemaining()) {
            if (!await(writable, deadline)) {
                throw new AssertionError(name + ": the peer took only " + (total - bytes.remaining()) + " of " + total
                        + " bytes within " + deadline);
            }
            offer(bytes);
        }
    }

    /**
     * Reads what is there into {@code into}, waiting for the first byte.
     *
     * @return the number of bytes, 0 when the time is over, -1 at the peer's FIN
     * @throws IOException when the link was reset
     */
    int read(ByteBuffer into, Deadline deadline) throws IOException {
        int n = channel.read(into);
        while (n == 0 && into.hasRemaining() && await(readable, deadline)) {
            n = channel.read(into);
        }
        return n;
    }

    /**
     * Fills {@code into}.
     *
     * @throws AssertionError when the time is over or the link ends first
     */
    void readFully(ByteBuffer into, String what, Deadline deadline) {
        int wanted = into.remaining();
        while (into.hasRemaining()) {
            int n;
            try {
                n = read(into, deadline);
            } catch (IOException e) {
                throw new LinkEnded(name + ": waited for " + what + ", but the link broke: " + e.getMessage(), false);
            }
            String got = " (" + (wanted - into.remaining()) + " of " + wanted + " bytes came)";
            if (n < 0) {
                throw new LinkEnded(name + ": waited for " + what + ", but the peer closed the link" + got, true);
            }
            if (n == 0) {
                throw new AssertionError(name + ": waited " + deadline + " for " + what + got);
            }
        }
    }

    /**
     * Reads to the end of the link.
     *
     * @throws AssertionError when it is still open after the limit
     */
    Closing readUntilClosed(Duration limit) {
        Deadline deadline = Deadline.in(limit);
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        while (true) {
            int n;
            try {
                n = read(buffer, deadline);
            } catch (IOException e) {
                return new Closing(rest.toByteArray(), false);
            }
            if (n < 0) {
                return new Closing(rest.toByteArray(), true);
            }
            if (n == 0) {
                throw new AssertionError(name + ": waited " + deadline + " for the peer to close the link ("
                        + rest.size() + " bytes came)");
            }
            rest.write(buffer.array(), 0, n);
            buffer.clear();
        }
    }

    /** Ends this side's output with a FIN; reading goes on. */
    void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(name + ": the link broke before its output was shut down: " + e.getMessage(), e);
        }
    }

    /** Ends the link with a reset: what the peer has not read yet may be lost to it. */
    void cut() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    /** Ends the link with a FIN; harmless when it has ended already. */
    @Override
    public void close() {
        try {
            // The selectors first: a channel still registered with one would not really be closed until its next
            // select.
            readable.close();
            writable.close();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean await(Selector selector, Deadline deadline) {
        try {
            long millis = deadline.remainingMillis();
            if (millis == 0) {
                return false;
            }
            int ready = selector.select(millis);
            selector.selectedKeys().clear();
            return ready > 0 || !deadline.isOver();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
