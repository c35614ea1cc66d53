package net.voltlane.testkit;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A bridge between TCP and Unix sockets, for peers that know only one of both: passes bytes and ends on, in both
 * directions. Closing it cuts all connections.
 */
public final class UnixBridge implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final SocketAddress target;
    private final List<SocketChannel> open = new ArrayList<>();

    private UnixBridge(ServerSocketChannel listener, SocketAddress target) {
        this.listener = listener;
        this.target = target;
        start("accept", this::accept);
    }

    /** Listens on a port, and connects to a Unix socket for each connection. */
    public static UnixBridge toUnix(Path socket) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
        return new UnixBridge(listener.bind(Ports.loopback(0)), UnixDomainSocketAddress.of(socket));
    }

    /** Listens on a Unix socket, and connects to an address of TCP for each connection. */
    public static UnixBridge toTcp(Path socket, SocketAddress target) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return new UnixBridge(listener.bind(UnixDomainSocketAddress.of(socket)), target);
    }

    /** The address that it listens on. */
    public SocketAddress address() throws IOException {
        return listener.getLocalAddress();
    }

    private void accept() throws IOException {
        while (true) {
            SocketChannel near = listener.accept();
            try {
                keep(near);
                SocketChannel far = SocketChannel.open(target);
                keep(far);
                start("there", () -> pump(near, far));
                start("back", () -> pump(far, near));
            } catch (IOException refused) {
                near.close();
            }
        }
    }

    /** Keeps a socket for {@link #close}, or closes it if that has run: it may come between accepting and connecting. */
    private synchronized void keep(SocketChannel channel) throws IOException {
        if (!listener.isOpen()) {
            channel.close();
            throw new ClosedChannelException();
        }
        open.add(channel);
    }

    private static void pump(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
        try {
            while (from.read(bytes) >= 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                bytes.clear();
            }
            to.shutdownOutput();
        } catch (IOException cut) {
            from.close();
            to.close();
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException ended) {
                        // closed
                    }
                },
                "unix-bridge-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void close() throws IOException {
        listener.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
