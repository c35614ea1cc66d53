package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A writer that writes what the firehose's version has queued. For the firehose's writer thread; the clock's thread reads
 * the counts.
 */
final class FirehoseWriter {
    private final Firehose firehose;
    private final SocketChannel channel;
    private volatile long sentBytes;
    private volatile boolean writing;

    FirehoseWriter(Firehose firehose, SocketChannel channel) {
        this.firehose = firehose;
        this.channel = channel;
    }

    /** Returns the number of bytes that the socket has taken. */
    long sentBytes() {
        return sentBytes;
    }

    /** Tells whether a write is in progress. */
    boolean isWriting() {
        return writing;
    }

    /**
     * Writes until there will be nothing more, and then shuts the output.
     *
     * @param first the version with which a firehose begins; it ends when another one has something to write
     */
    void run(FirehoseVersion first) throws IOException, InterruptedException {
        first.write(this);
        FirehoseVersion next = firehose.version();
        if (next != first) {
            next.write(this);
        }
        channel.shutdownOutput();
    }

    /** Writes a part of a buffer, and returns the number of bytes that the socket has taken. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread only
    int write(ByteBuffer bytes) throws IOException {
        writing = true;
        int taken = channel.write(bytes);
        writing = false;
        sentBytes += taken;
        return taken;
    }

    /** Writes parts of two buffers, one behind the other, and returns the number of bytes that the socket has taken. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread only
    int write(ByteBuffer[] bytes) throws IOException {
        writing = true;
        int taken = (int) channel.write(bytes);
        writing = false;
        sentBytes += taken;
        return taken;
    }
}
