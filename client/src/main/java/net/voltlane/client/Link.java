package net.voltlane.client;

import java.io.IOException;
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
 * A connection to the server: a socket with the {@link Wire layers} of its transport. One thread connects and reads,
 * another may write, and any thread may close the link. A thread that waits in it then gets an {@link IOException}.
 */
final class Link implements Heartbeat.Arrivals {

    private final Dial dial;
    private final FrameReader frames = new FrameReader(this::read);
    private volatile @Nullable SocketChannel channel;
    private volatile boolean closed;
    private volatile @Nullable String closeReason;

    private volatile @Nullable SocketWire socket;
    /** The uppermost layer. Written before the writer is given this link. */
    private @Nullable Wire wire;
    /** True once a byte of a frame has come. */
    private boolean answered;

    private volatile boolean writing;

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
    static Link unconnected(List<? extends SocketAddress> targets, long nanos) {
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
        boolean isTcp = connected.getRemoteAddress() instanceof InetSocketAddress;
        if (isTcp) {
            connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Keepalive.set(connected, peerNanos);
        }
        SocketWire lowest = new SocketWire(isTcp ? SocketInput.tcp(connected) : SocketInput.unix(connected), connected);
        socket = lowest;
        wire = lowest;
    }

    /**
     * Puts the layers of the transport on the socket. The link needs a {@linkplain #startTimeout timeout}.
     *
     * @param version of the protocol that will be spoken
     */
    void build(Layers layers, int version) throws ClientException {
        wire = layers.over(socket(), version);
    }

    /**
     * Sets the monitor that is told about every write from now on.
     *
     * @param wakeWriter wakes the thread that writes: it has to call {@link #sendControl}
     */
    void monitorWith(LinkMonitor with, Runnable wakeWriter) {
        monitor = with;
        wire().onControl(wakeWriter);
    }

    /** Returns the addresses of both ends. */
    AddressPair ends() {
        SocketChannel now = connected();
        return AddressPair.of(address(now, SocketChannel::getLocalAddress), remote());
    }

    InetSocketAddress remote() {
        return address(connected(), SocketChannel::getRemoteAddress);
    }

    /** Returns the counts of bytes so far. For any thread. */
    Traffic traffic() {
        SocketWire counts = socket();
        return new Traffic(counts.sentBytes(), counts.receivedBytes(), writing);
    }

    /**
     * Starts a timeout: once so much time has passed, {@link #next} throws {@link SocketTimeoutException}, even if data
     * keeps coming.
     */
    void startTimeout(long nanos) {
        socket().startTimeout(nanos);
    }

    /** Ends the timeout of {@link #startTimeout}. */
    void clearTimeout() {
        socket().clearTimeout();
    }

    /** Makes {@link #isReading} tell the truth from now on. For the thread that reads. */
    void countSilence() {
        socket().countSilence();
    }

    @Override
    public boolean isReading() {
        return socket().isReading();
    }

    @Override
    public long receivedBytes() {
        return socket().receivedBytes();
    }

    /** Tells whether a byte of a frame has come, above all layers. For the thread that reads. */
    boolean isAnswered() {
        return answered;
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

    private int read(byte[] into, int offset, int length) throws IOException {
        int count = wire().read(into, offset, length);
        answered |= count > 0;
        return count;
    }

    /**
     * Waits until the kernel has taken bytes.
     *
     * @return how many of the bytes were taken, see {@link Wire#write}
     */
    int write(ByteBuffer bytes) throws IOException {
        writing = true;
        try {
            sending();
            return wire().write(bytes);
        } finally {
            writing = false;
        }
    }

    private void sending() {
        LinkMonitor present = monitor;
        if (present != null) {
            present.sending();
        }
    }

    /** Tells whether a layer has something of its own to send. For any thread. */
    boolean hasControl() {
        Wire top = wire;
        return top != null && top.hasControl();
    }

    /** Sends what {@link #hasControl} tells of. For the thread that writes. */
    void sendControl() throws IOException {
        writing = true;
        try {
            sending();
            wire().sendControl();
        } finally {
            writing = false;
        }
    }

    void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            write(bytes);
        }
    }

    /** Ends the output; reading goes on. */
    void shutdownOutput() throws IOException {
        wire().shutdownOutput();
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

    private Wire wire() {
        Wire top = wire;
        if (top == null) {
            throw new IllegalStateException("not connected");
        }
        return top;
    }

    private SocketWire socket() {
        SocketWire lowest = socket;
        if (lowest == null) {
            throw new IllegalStateException("not connected");
        }
        return lowest;
    }

    private SocketChannel connected() {
        SocketChannel now = channel;
        if (now == null) {
            throw new IllegalStateException("not connected");
        }
        return now;
    }

    @FunctionalInterface
    private interface End {
        @Nullable
        SocketAddress of(SocketChannel channel) throws IOException;
    }

    /** Returns the address of an end; one without a meaning for a Unix socket, and once the link is closed. */
    private static InetSocketAddress address(SocketChannel channel, End end) {
        try {
            return end.of(channel) instanceof InetSocketAddress inet ? inet : new InetSocketAddress(0);
        } catch (IOException closed) {
            return new InetSocketAddress(0);
        }
    }
}
