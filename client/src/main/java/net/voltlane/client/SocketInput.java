package net.voltlane.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The input of a socket in blocking mode, where reads may have a timeout. For one thread at a time. */
@FunctionalInterface
interface SocketInput {

    /**
     * Waits for bytes.
     *
     * @param limit of all waits together; null for none
     * @return as {@link InputStream#read(byte[], int, int)}
     * @throws SocketTimeoutException if the limit is over; the socket is of no use any more
     */
    int read(byte[] into, int offset, int length, @Nullable PauseTolerantTimeout limit) throws IOException;

    /** Returns the input of a TCP connection. */
    static SocketInput tcp(SocketChannel channel) throws IOException {
        Socket socket = channel.socket();
        InputStream in = socket.getInputStream();
        return (into, offset, length, limit) -> {
            if (limit == null) {
                limitWaits(socket, 0);
                return in.read(into, offset, length);
            }
            while (!limit.isOver(System.nanoTime())) {
                limitWaits(socket, limit.pieceMillis());
                try {
                    return in.read(into, offset, length);
                } catch (SocketTimeoutException nothingCame) {
                    // Goes on waiting if there is time left.
                }
            }
            throw new SocketTimeoutException();
        };
    }

    private static void limitWaits(Socket socket, int millis) throws IOException {
        if (socket.getSoTimeout() != millis) {
            socket.setSoTimeout(millis);
        }
    }

    /** Returns the input of a Unix socket. The JDK has no timeouts for its reads, so a task closes it at the limit. */
    static SocketInput unix(SocketChannel channel) {
        return (into, offset, length, limit) -> {
            ByteBuffer bytes = ByteBuffer.wrap(into, offset, length);
            if (limit == null) {
                return channel.read(bytes);
            }
            Watch watch = new Watch(channel, limit);
            try {
                watch.look();
                return channel.read(bytes);
            } catch (ClosedChannelException e) {
                // While it waited, or before: the limit may be over when a read begins.
                throw watch.isOver ? new SocketTimeoutException() : e;
            } finally {
                watch.end();
            }
        };
    }

    /** A watch over one read. It looks on the thread of the JDK that runs delayed tasks. */
    final class Watch {
        private final SocketChannel channel;
        private final PauseTolerantTimeout limit;
        private boolean hasEnded;
        private volatile boolean isOver;

        private Watch(SocketChannel channel, PauseTolerantTimeout limit) {
            this.channel = channel;
            this.limit = limit;
        }

        private synchronized void look() throws IOException {
            if (hasEnded) {
                return;
            }
            isOver = limit.isOver(System.nanoTime());
            if (isOver) {
                channel.close();
            } else {
                CompletableFuture.delayedExecutor(limit.pieceMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                        .execute(this::lookLater);
            }
        }

        private void lookLater() {
            try {
                look();
            } catch (IOException e) {
                // The socket is closed as far as this program is concerned.
            }
        }

        private synchronized void end() {
            hasEnded = true;
        }
    }
}
