package net.voltlane.store.file;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings the file to the disk once a second, if something was written. On a thread of its own: a busy disk may take
 * seconds, and calls go on meanwhile. Belongs to the worker.
 */
final class Syncs {
    /** Growth of the file at which it is synced sooner: space is free again only behind a sync. */
    static final long EARLY_BYTES = 4 << 20;

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(work -> Threads.daemon("voltlane-store-sync", work));
    private @Nullable Future<?> underWay;
    private boolean isDue;
    private long lastNanos;
    private long lastBytes;

    /** Something was written. */
    void written() {
        isDue = true;
    }

    /**
     * Looks whether a sync is over, and begins the next one if it is time.
     *
     * @throws RuntimeException if the sync has failed
     */
    void poll(StoreFile file, long nowNanos) {
        Future<?> sync = underWay;
        if (sync != null && sync.isDone()) {
            underWay = null;
            check(sync);
            file.unpinOlder();
        }
        boolean isTime = nowNanos - lastNanos >= EVERY_NANOS || file.bytes() - lastBytes >= EARLY_BYTES;
        if (underWay == null && isDue && isTime) {
            isDue = false;
            lastNanos = nowNanos;
            lastBytes = file.bytes();
            file.pin();
            underWay = thread.submit(file::sync);
        }
    }

    /** Forgets a sync of a file that was given up. */
    void reset() {
        underWay = null;
        isDue = false;
        lastBytes = 0;
    }

    void stop() {
        thread.shutdown();
    }

    private static void check(Future<?> sync) {
        try {
            sync.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("sync failed", e);
        }
    }
}
