package net.voltlane.testkit.version3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.voltlane.testkit.Ports;

/** The sockets of any number of peers, on the thread that calls {@link #run}. */
public final class PeerLoop implements AutoCloseable {
    private static final long TICK_MILLIS = 4;
    private static final int BACKLOG = 1024;

    /** A socket that can go on with something. */
    @FunctionalInterface
    public interface Ready {
        /** The socket of this key is ready for one of the key's operations. */
        void ready(SelectionKey key);
    }

    private final Selector selector;

    public PeerLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Serves a channel that does not block. */
    public SelectionKey register(SocketChannel channel, int operations, Ready ready) throws IOException {
        return channel.register(selector, operations, ready);
    }

    /** Begins to connect. What is written meanwhile waits. */
    public PeerSocket connect(InetSocketAddress to) {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = channel.connect(to);
            SelectionKey key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
            PeerSocket socket = new PeerSocket(channel, key);
            key.attach(socket);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens on a free port; {@code accepted} gets each connection. */
    public InetSocketAddress listen(Consumer<PeerSocket> accepted) {
        return listenForChannels(channel -> {
            try {
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                PeerSocket socket = new PeerSocket(channel, key);
                key.attach(socket);
                accepted.accept(socket);
            } catch (IOException e) {
                // gone before it was accepted
            }
        });
    }

    /** Listens on a free port; {@code accepted} gets each connection, which does not block. */
    public InetSocketAddress listenForChannels(Consumer<SocketChannel> accepted) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open().bind(Ports.loopback(0), BACKLOG);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT, accepted);
            return (InetSocketAddress) listener.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Serves the sockets until a condition holds, which is asked all the time. */
    public void run(String what, Duration limit, BooleanSupplier until) {
        long end = System.nanoTime() + limit.toNanos();
        while (!until.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited " + limit.toMillis() + " ms for: " + what);
            }
            serve();
        }
    }

    private void serve() {
        try {
            selector.select(this::ready, TICK_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private void ready(SelectionKey key) {
        if (key.channel() instanceof ServerSocketChannel listener) {
            accept(listener, (Consumer<SocketChannel>) key.attachment());
        } else {
            ((Ready) key.attachment()).ready(key);
        }
    }

    private static void accept(ServerSocketChannel listener, Consumer<SocketChannel> accepted) {
        try {
            SocketChannel channel = listener.accept();
            if (channel != null) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                accepted.accept(channel);
            }
        } catch (IOException e) {
            // gone before it was accepted
        }
    }

    @Override
    public void close() {
        for (SelectionKey key : selector.keys()) {
            try {
                key.channel().close();
            } catch (IOException e) {
                // closing is all that can be done
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
