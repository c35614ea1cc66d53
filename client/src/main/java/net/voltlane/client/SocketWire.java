package net.voltlane.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a link. It counts bytes, and knows the time for which a reader waits. One thread reads, another may
 * write, and any thread may ask for counts.
 *
 * <p>It uses a channel, not a plain socket, because a channel tells how many bytes the kernel had taken when a write
 * failed.
 */
final class SocketWire implements Wire, Heartbeat.Arrivals {

    private final SocketChannel channel;
    private final SocketInput in;

    /** The limit of all waits in {@link #read} together; null means none. */
    private @Nullable PauseTolerantTimeout timeout;

    /** Written by the thread that writes: first the one that does the handshake, then the {@link Writer}. */
    private volatile long sentBytes;
    /** Written by the thread that reads. */
    private volatile long receivedBytes;
    /** True while a thread waits for bytes; kept only if {@code silenceCounts}. */
    private volatile boolean reading;

    private boolean silenceCounts;

    /**
     * @param in the input of the channel
     * @param channel connected, in blocking mode
     */
    SocketWire(SocketInput in, SocketChannel channel) {
        this.in = in;
        this.channel = channel;
    }

    /** Starts a timeout, see {@link Link#startTimeout}. */
    void startTimeout(long nanos) {
        timeout = new PauseTolerantTimeout(nanos, System.nanoTime());
    }

    /** Ends the timeout. */
    void clearTimeout() {
        timeout = null;
    }

    /** Makes {@link #isReading} tell the truth from now on. For the thread that reads. */
    void countSilence() {
        silenceCounts = true;
    }

    long sentBytes() {
        return sentBytes;
    }

    @Override
    public long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread only
    public int read(byte[] into, int offset, int length) throws IOException {
        PauseTolerantTimeout limit = timeout;
        if (silenceCounts) {
            reading = true;
        }
        int count = in.read(into, offset, length, limit);
        if (silenceCounts) {
            reading = false;
        }
        if (count > 0) {
            receivedBytes += count;
        }
        return count;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread at a time
    public int write(ByteBuffer bytes) throws IOException {
        int count = channel.write(bytes);
        sentBytes += count;
        return count;
    }

    /** Ends the output with a FIN. */
    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }
}
