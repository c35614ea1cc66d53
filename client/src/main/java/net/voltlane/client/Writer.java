package net.voltlane.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The loop of the thread that writes. It writes all packets that are queued in one batch. It has a thread of its own
 * because a write may have to wait until the server reads, and reading must never wait for that.
 */
final class Writer implements Runnable {

    /** The size of a batch. Many small packets fit into one system call; not larger, as every client has a batch. */
    static final int BATCH_BYTES = 16 * 1024;

    /** The time for the reader to notice that a link has ended to which a write has failed. */
    private static final long READER_NANOS = 1_000_000_000L;

    private final SendQueue queue;
    private final Consumer<Link> cut;
    private final Consumer<Throwable> onBug;

    /**
     * @param cut closes a link to which a write has failed and that its reader has not closed
     * @param onBug is told of a bug in this library, or an error of the virtual machine
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
            if (queue.isControlOnly()) {
                link.sendControl();
            } else if (!batch.hasRemaining()) {
                link.shutdownOutput();
            }
            while (batch.hasRemaining()) {
                queue.written(link.write(batch));
            }
        } catch (IOException e) {
            if (!queue.failed(READER_NANOS)) {
                cut.accept(link);
            }
        }
    }
}
