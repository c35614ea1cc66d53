package net.voltlane.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.List;
import net.voltlane.tcp.AddressPair;
import net.voltlane.tcp.DeadPeerDetector.Traffic;
import net.voltlane.tcp.Keepalive;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection to the server. One thread connects and reads, another may write, and any thread may close the link.
 * A thread that waits in it then gets an {@link IOException}.
 *
 * <p>It uses a channel, not a plain socket, because a channel tells how many bytes the kernel had taken when a write
 * failed.
 */
final class Link implements Heartbeat.Arrivals {

    private final Dial dial;
    private final FrameReader frames = new FrameReader(this::read);
    private volatile @Nullable SocketChannel channel;
    private volatile boolean closed;
    private volatile @Nullable String closeReason;

    private @Nullable InputStream in;
    /** The limit of all waits in {@link #next} together; null means none. */
    private @Nullable PauseTolerantTimeout timeout;

    /** Written by the thread that writes: first the one that does the handshake, then the {@link Writer}. */
    private volatile long sentBytes;

    private volatile boolean writing;
    /** Written by the thread that reads. */
    private volatile long receivedBytes;

    /** True while a thread waits for bytes; kept only if {@code silenceCounts}. */
    private volatile boolean reading;

    private boolean silenceCounts;

    /** Set before the writer is given this link. */
    private @Nullable LinkMonitor monitor;

    private Link(Dial dial) {
        this.dial = dial;
    }

    /**
     * Creates a link that is not connected yet, so that other threads can close it while it connects.
     *
     * @param targets in the order in which they are dialled
     * @param nanos limit for all of them together
     */
    static Link unconnected(List<InetSocketAddress> targets, long nanos) {
        return new Link(new Dial(targets, nanos));
    }

    /**
     * Connects.
     *
     * @param peerNanos how long the server may be silent before the kernel closes an idle link
     */
    void connect(long peerNanos) throws IOException {
        SocketChannel connected = dial.run();
        channel = connected;
        if (closed) {
            close();
            throw new AsynchronousCloseException();
        }
        connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Keepalive.set(connected, peerNanos);
        in = connected.socket().getInputStream();
    }

    /** Sets the monitor that is told about every write from now on. */
    void monitorWith(LinkMonitor with) {
        monitor = with;
    }

    /** Returns the addresses of both ends. */
    AddressPair ends() {
        return AddressPair.of(address(connected().socket().getLocalSocketAddress()), remote());
    }

    InetSocketAddress remote() {
        return address(connected().socket().getRemoteSocketAddress());
    }

    /** Returns the counts of bytes so far. For any thread. */
    Traffic traffic() {
        return new Traffic(sentBytes, receivedBytes, writing);
    }

    /**
     * Starts a timeout: once so much time has passed, {@link #next} throws {@link SocketTimeoutException}, even if data
     * keeps coming.
     */
    void startTimeout(long nanos) {
        timeout = new PauseTolerantTimeout(nanos, System.nanoTime());
    }

    /** Ends the timeout of {@link #startTimeout}. */
    void clearTimeout() throws IOException {
        timeout = null;
        connected().socket().setSoTimeout(0);
    }

    /** Makes {@link #isReading} tell the truth from now on. For the thread that reads. */
    void countSilence() {
        silenceCounts = true;
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public long receivedBytes() {
        return receivedBytes;
    }

    /** See {@link FrameReader#peekType}. */
    int peekType() throws IOException {
        return frames.peekType();
    }

    /** See {@link FrameReader#nextBody}. */
    byte @Nullable [] nextBody(int maxBytes) throws IOException {
        return frames.nextBody(maxBytes);
    }

    /** See {@link FrameReader#next}. */
    byte @Nullable [] next(int maxBytes) throws IOException {
        return frames.next(maxBytes);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread only
    private int read(byte[] into, int offset, int length) throws IOException {
        InputStream stream = in;
        if (stream == null) {
            throw new IOException("not connected");
        }
        PauseTolerantTimeout limit = timeout;
        if (silenceCounts) {
            reading = true;
        }
        int count = limit == null ? stream.read(into, offset, length) : read(stream, limit, into, offset, length);
        if (silenceCounts) {
            reading = false;
        }
        if (count > 0) {
            receivedBytes += count;
        }
        return count;
    }

    private int read(InputStream stream, PauseTolerantTimeout limit, byte[] into, int offset, int length)
            throws IOException {
        while (!limit.isOver(System.nanoTime())) {
            connected().socket().setSoTimeout(limit.pieceMillis());
            try {
                return stream.read(into, offset, length);
            } catch (SocketTimeoutException nothingCame) {
                // Goes on waiting if there is time left.
            }
        }
        throw new SocketTimeoutException();
    }

    /** Waits until the kernel has taken some of the bytes, and returns how many. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread at a time
    int write(ByteBuffer bytes) throws IOException {
        writing = true;
        try {
            LinkMonitor present = monitor;
            if (present != null) {
                present.sending();
            }
            int count = connected().write(bytes);
            sentBytes += count;
            return count;
        } finally {
            writing = false;
        }
    }

    void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            write(bytes);
        }
    }

    /** Ends the output with a FIN; reading goes on. */
    void shutdownOutput() throws IOException {
        connected().shutdownOutput();
    }

    /** Tells whether this end has not closed the link. The server may have closed it. */
    boolean isOpen() {
        SocketChannel now = channel;
        return !closed && (now == null || now.isOpen());
    }

    /** Closes the link and keeps the reason for its reader. */
    void close(String reason) {
        closeReason = reason;
        close();
    }

    /** Returns why this end has closed the link. */
    String closeReason() {
        String reason = closeReason;
        return reason == null ? "the link was given up" : reason;
    }

    void close() {
        closed = true;
        dial.abandon();
        SocketChannel now = channel;
        if (now == null) {
            return; // the thread that connects closes the channel
        }
        try {
            now.close();
        } catch (IOException e) {
            // The link is closed as far as this program is concerned, and nothing more can be done.
        }
    }

    private SocketChannel connected() {
        SocketChannel now = channel;
        if (now == null) {
            throw new IllegalStateException("not connected");
        }
        return now;
    }

    private static InetSocketAddress address(@Nullable SocketAddress of) {
        return of instanceof InetSocketAddress inet ? inet : new InetSocketAddress(0);
    }
}
