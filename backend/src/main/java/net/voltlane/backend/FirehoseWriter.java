package net.voltlane.backend;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * A writer that takes chunks from a firehose's {@link Outbox} and writes them to its socket. For the firehose's writer
 * thread; the clock's thread reads the counts.
 */
final class FirehoseWriter {
    private final Firehose firehose;
    private final SocketChannel channel;
    private final BackendContext context;
    private volatile long sentBytes;
    private volatile boolean writing;

    FirehoseWriter(Firehose firehose, SocketChannel channel, BackendContext context) {
        this.firehose = firehose;
        this.channel = channel;
        this.context = context;
    }

    /** Returns the number of bytes that the socket has taken. */
    long sentBytes() {
        return sentBytes;
    }

    /** Tells whether a write is in progress. */
    boolean isWriting() {
        return writing;
    }

    /** Writes until the outbox ends, and then shuts the output. */
    void run() throws IOException, InterruptedException {
        Outbox outbox = firehose.outbox();
        for (Chunk chunk = outbox.take(); chunk != null; chunk = outbox.take()) {
            write(outbox, chunk);
        }
        channel.shutdownOutput();
    }

    /** Writes a chunk in pieces, so that progress is seen while a large packet goes out on a slow link. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread only
    private void write(Outbox outbox, Chunk chunk) throws IOException {
        int frames = chunk.frames();
        int left = chunk.filled();
        try {
            while (left > 0) {
                writing = true;
                int taken = channel.write(chunk.next(Outbox.CHUNK_BYTES));
                writing = false;
                sentBytes += taken;
                left -= taken;
                if (outbox.taken(chunk, taken)) {
                    firehose.tellWritable();
                }
            }
        } finally {
            // A chunk that was taken whole may be in use again by now.
            context.counters().sent.add(left == 0 ? frames : chunk.framesTaken());
        }
    }
}
