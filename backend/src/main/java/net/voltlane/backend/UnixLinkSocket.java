package net.voltlane.backend;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.List;
import net.voltlane.tcp.AddressPair;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket. The JDK does not tell how many bytes lie in one, so it is used without blocking, and each direction waits
 * with a selector of its own.
 */
final class UnixLinkSocket implements LinkSocket {
    private final SocketChannel channel;
    private final SocketAddress peer;
    private final Selector readable;
    private final Selector writable;
    private volatile long sentBytes;
    private volatile long receivedBytes;

    UnixLinkSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        peer = channel.getLocalAddress(); // that of a client is unnamed
        channel.configureBlocking(false);
        readable = Selector.open();
        Selector second = null;
        try {
            second = Selector.open();
            channel.register(readable, SelectionKey.OP_READ);
            channel.register(second, SelectionKey.OP_WRITE);
        } catch (IOException | RuntimeException | Error e) {
            readable.close();
            if (second != null) {
                second.close();
            }
            throw e;
        }
        writable = second;
    }

    @Override
    public void open() {}

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the reader only
    public int read(ByteBuffer into, boolean mayWait) throws IOException {
        int count = channel.read(into);
        while (count == 0 && mayWait) {
            select(readable, true);
            count = channel.read(into);
        }
        receivedBytes += Math.max(0, count);
        return count;
    }

    @Override
    public boolean hasInput() throws IOException {
        return select(readable, false);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return write(new ByteBuffer[] {bytes});
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the writer only
    public int write(ByteBuffer[] bytes) throws IOException {
        long taken = channel.write(bytes);
        while (taken == 0 && hasRemaining(bytes)) {
            select(writable, true);
            taken = channel.write(bytes);
        }
        sentBytes += taken;
        return (int) taken;
    }

    private static boolean hasRemaining(ByteBuffer[] bytes) {
        for (ByteBuffer part : bytes) {
            if (part.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Asks whether the socket is ready, and waits for that if {@code mayWait}.
     *
     * @throws AsynchronousCloseException if this socket is closed; a selector would say so by an unchecked exception
     */
    private static boolean select(Selector selector, boolean mayWait) throws IOException {
        try {
            boolean isReady = (mayWait ? selector.select() : selector.selectNow()) > 0;
            selector.selectedKeys().clear();
            return isReady;
        } catch (ClosedSelectorException closed) {
            throw new AsynchronousCloseException();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Closes the selectors too, which wakes those who wait. The descriptor is freed with the last of them. */
    @Override
    public void close() throws IOException {
        channel.close();
        readable.close();
        writable.close();
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }

    @Override
    public @Nullable AddressPair ends() {
        return null;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of();
    }
}
