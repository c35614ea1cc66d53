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
 * One TCP connection. One thread connects and reads, another may write, and any may close it: whoever waits in it then
 * gets an {@link IOException}.
 *
 * <p>It is a channel, not a plain socket, because a channel tells how much of a write the kernel has taken when it
 * fails.
 */
final class Link {

    private final Dial dial;
    private final FrameReader frames = new FrameReader(this::read);
    private volatile @Nullable SocketChannel channel;
    private volatile boolean closed;
    private volatile @Nullable String givenUpBecause;

    private @Nullable InputStream in;
    /** How long {@link #next} may wait, all in all; null: for ever. */
    private @Nullable Wait bound;

    /** Written by the thread that writes: the one that greets, then the writer. */
    private volatile long sentBytes;

    private volatile boolean writing;
    /** Written by the thread that reads. */
    private volatile long heardBytes;

    /** Set before the writer has this link. */
    private @Nullable LinkMonitor watch;

    private Link(Dial dial) {
        this.dial = dial;
    }

    /**
     * A link that is not connected yet, so that it can be closed while it is.
     *
     * @param targets in the order in which they are dialled
     * @param nanos for all of them together
     */
    static Link unconnected(List<InetSocketAddress> targets, long nanos) {
        return new Link(new Dial(targets, nanos));
    }

    /** @param peerNanos how long the server may be silent before the kernel gives an idle link up */
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

    /** From now on what is written is watched. */
    void watch(LinkMonitor by) {
        watch = by;
    }

    /** Both ends of the connection. */
    AddressPair ends() {
        return AddressPair.of(address(connected().socket().getLocalSocketAddress()), remote());
    }

    InetSocketAddress remote() {
        return address(connected().socket().getRemoteSocketAddress());
    }

    /** What has passed so far; any thread may ask. */
    Traffic traffic() {
        return new Traffic(sentBytes, heardBytes, writing);
    }

    /**
     * From now on {@link #next} throws {@link SocketTimeoutException} when so much time has passed, however much comes.
     */
    void bound(long nanos) {
        bound = new Wait(nanos, System.nanoTime());
    }

    /** Takes {@link #bound} back. */
    void unbound() throws IOException {
        bound = null;
        connected().socket().setSoTimeout(0);
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
        Wait wait = bound;
        int count = wait == null ? stream.read(into, offset, length) : read(stream, wait, into, offset, length);
        if (count > 0) {
            heardBytes += count; // by one thread
        }
        return count;
    }

    private int read(InputStream stream, Wait wait, byte[] into, int offset, int length) throws IOException {
        while (!wait.isOver(System.nanoTime())) {
            connected().socket().setSoTimeout(wait.pieceMillis());
            try {
                return stream.read(into, offset, length);
            } catch (SocketTimeoutException nothingCame) {
                // Waits on, as long as there is time.
            }
        }
        throw new SocketTimeoutException();
    }

    /** Waits until the kernel has taken some of it; returns how much. */
    int write(ByteBuffer bytes) throws IOException {
        writing = true;
        try {
            LinkMonitor watcher = watch;
            if (watcher != null) {
                watcher.sending();
            }
            int count = connected().write(bytes);
            sentBytes += count; // by one thread at a time
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

    /** Tells the server that nothing more comes; reading goes on. */
    void shutdownOutput() throws IOException {
        connected().shutdownOutput();
    }

    /** Whether nobody at this end has closed it; the server may have. */
    boolean isOpen() {
        SocketChannel now = channel;
        return !closed && (now == null || now.isOpen());
    }

    /** Closes it, for a reason that its reader can tell afterwards. */
    void giveUp(String reason) {
        givenUpBecause = reason;
        close();
    }

    /** Why this end has closed it. */
    String givenUpBecause() {
        String reason = givenUpBecause;
        return reason == null ? "the link was given up" : reason;
    }

    void close() {
        closed = true;
        dial.abandon();
        SocketChannel now = channel;
        if (now == null) {
            return; // the thread that connects closes what comes of it
        }
        try {
            now.close();
        } catch (IOException e) {
            // It is closed for us; what the kernel makes of the rest is out of reach.
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
