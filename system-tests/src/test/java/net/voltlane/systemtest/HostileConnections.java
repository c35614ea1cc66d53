package net.voltlane.systemtest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many connections to one port that do one kind of harm, until {@link #close()}. A thread goes from one to the next by
 * the clock: it sends a little more, and replaces a connection that the server has closed or refused.
 */
final class HostileConnections implements AutoCloseable {
    /** Small, so that the server soon feels that nobody reads. */
    private static final int RECEIVE_BUFFER_BYTES = 4096;

    /** An attacker does not wait while the server's queue of connections is full. */
    private static final int CONNECT_MILLIS = 100;

    private static final int WASTE_BYTES = 64 * 1024;

    private final InetSocketAddress to;
    private final Manner manner;
    private final @Nullable SocketChannel[] channels;
    private final ByteBuffer waste = ByteBuffer.allocate(WASTE_BYTES);
    private final Thread thread;
    private volatile boolean over;
    private final AtomicLong opened = new AtomicLong();

    /**
     * The behaviour of the connections.
     *
     * @param count how many are open at once, as far as the server lets them
     * @param first sent on each when it opens
     * @param more sent on each in its turn
     * @param reads whether what the server sends is read
     * @param turnsPerSecond the number of turns of all connections together
     */
    record Manner(int count, byte[] first, byte[] more, boolean reads, int turnsPerSecond) {}

    /** Begins to open the connections. */
    HostileConnections(InetSocketAddress to, Manner manner) {
        this.to = to;
        this.manner = manner;
        channels = new SocketChannel[manner.count()];
        thread = new Thread(this::run, "hostile-connections");
        thread.setDaemon(true);
        thread.start();
    }

    /** The number of connections that were opened so far, those in place of others included. */
    long opened() {
        return opened.get();
    }

    private void run() {
        for (int i = 0; i < channels.length && !over; i++) {
            channels[i] = open();
        }
        long startNanos = System.nanoTime();
        for (long turn = 0; !over; turn++) {
            long dueNanos = startNanos + turn * 1_000_000_000L / manner.turnsPerSecond();
            while (!over && dueNanos - System.nanoTime() > 0) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
            int at = (int) (turn % channels.length);
            if (!isOpen(channels[at])) {
                channels[at] = open();
            }
        }
    }

    private @Nullable SocketChannel open() {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.socket().connect(to, CONNECT_MILLIS);
            channel.configureBlocking(false);
            opened.incrementAndGet();
            channel.write(ByteBuffer.wrap(manner.first()));
            return channel;
        } catch (IOException e) {
            closeQuietly(channel);
            return null;
        }
    }

    /** Gives a connection its turn; false if the server has ended it. */
    private boolean isOpen(@Nullable SocketChannel channel) {
        if (channel == null) {
            return false;
        }
        try {
            if (manner.more().length > 0) {
                channel.write(ByteBuffer.wrap(manner.more())); // as much as the server takes
            }
            if (manner.reads() && channel.read(waste.clear()) < 0) {
                throw new IOException("closed by the server");
            }
            return true;
        } catch (IOException e) {
            closeQuietly(channel);
            return false;
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // closing is all that can be done
            }
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SocketChannel channel : channels) {
            closeQuietly(channel);
        }
    }
}
