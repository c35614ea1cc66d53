package net.voltlane.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The thread that writes: all that has been queued by then in one go. It is a thread of its own because writing may
 * have to wait for the server to read, and reading must never wait for that.
 */
final class Writer implements Runnable {

    /** Enough for one system call to carry many small packets; every client has a batch, and there may be many. */
    static final int BATCH_BYTES = 16 * 1024;

    /** How long the reader may take to see the end of a link that can't be written to any more. */
    private static final long READER_NANOS = 1_000_000_000L;

    private final SendQueue queue;
    private final Consumer<Link> cut;
    private final Consumer<Throwable> onBug;

    /**
     * @param cut closes a link that its reader does not give up, though nothing can be written to it
     * @param onBug hears of what should never happen
     */
    Writer(SendQueue queue, Consumer<Link> cut, Consumer<Throwable> onBug) {
        this.queue = queue;
        this.cut = cut;
        this.onBug = onBug;
    }

    @Override
    public void run() {
        try {
            ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
            Link link = queue.next(batch);
            while (link != null) {
                write(batch, link);
                link = queue.next(batch);
            }
        } catch (RuntimeException | Error bug) {
            queue.failed(0);
            onBug.accept(bug);
        }
    }

    private void write(ByteBuffer batch, Link link) {
        try {
            if (!batch.hasRemaining()) {
                link.shutdownOutput();
            }
            while (batch.hasRemaining()) {
                queue.taken(link.write(batch));
            }
        } catch (IOException e) {
            if (!queue.failed(READER_NANOS)) {
                cut.accept(link);
            }
        }
    }
}
