package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A writer that writes what the firehose's version has queued. For the firehose's writer thread; the clock's thread asks
 * whether it writes.
 */
final class FirehoseWriter {
    private final Firehose firehose;
    private final LinkSocket socket;
    private volatile boolean writing;

    FirehoseWriter(Firehose firehose, LinkSocket socket) {
        this.firehose = firehose;
        this.socket = socket;
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
        socket.shutdownOutput();
    }

    /** Writes a part of a buffer, and returns the number of bytes that the socket has taken. */
    int write(ByteBuffer bytes) throws IOException {
        writing = true;
        int taken = socket.write(bytes);
        writing = false;
        return taken;
    }

    /** Writes parts of two buffers, one behind the other, and returns the number of bytes that the socket has taken. */
    int write(ByteBuffer[] bytes) throws IOException {
        writing = true;
        int taken = socket.write(bytes);
        writing = false;
        return taken;
    }
}
