package net.voltlane.store.file;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreFacts;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that works on the file: takes calls in batches, does them, writes the file once, and answers. When the
 * file fails (a full disk, say), it opens it again, after a pause that grows.
 */
final class Worker implements Runnable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** Growth of the file after which it is tidied sooner. */
    private static final long TIDY_BYTES = 1 << 20;

    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Calls calls;
    private final Opener opener;
    private final RecordStore.Listener listener;
    private final LongSupplier wallMillis;
    private final Syncs syncs = new Syncs();
    private @Nullable StoreFile file;
    private long tickNanos;
    private long tidiedBytes;
    private long shrunkNanos;
    private long upNanos;
    private long pauseNanos = FIRST_PAUSE_NANOS;

    private volatile boolean isUp = true;
    private volatile long records;
    private volatile long bytes;

    Worker(StoreFile file, Opener opener, Calls calls, RecordStore.Listener listener, LongSupplier wallMillis) {
        this.file = file;
        this.opener = opener;
        this.calls = calls;
        this.listener = listener;
        this.wallMillis = wallMillis;
        upNanos = System.nanoTime();
        tickNanos = upNanos;
        shrunkNanos = upNanos;
        count(file);
    }

    boolean isUp() {
        return isUp;
    }

    StoreFacts facts(String kind, String place) {
        return new StoreFacts(kind, place, records, bytes);
    }

    @Override
    public void run() {
        tell(RecordStore.Listener::up);
        while (!calls.isClosed() || (file != null && !calls.isEmpty())) {
            StoreFile open = file;
            if (open != null) {
                work(open);
            } else {
                calls.pause(pauseNanos);
                reopen();
            }
        }
        end();
    }

    private void work(StoreFile open) {
        List<Call<?>> batch = calls.take(TICK_NANOS);
        try {
            long nowMillis = wallMillis.getAsLong();
            for (Call<?> call : batch) {
                call.work(open.records(), nowMillis);
            }
            long nowNanos = System.nanoTime();
            if (nowNanos - tickNanos >= TICK_NANOS || open.bytes() - tidiedBytes >= TIDY_BYTES) {
                tickNanos = nowNanos;
                tidiedBytes = open.bytes();
                tidy(open, nowMillis, nowNanos);
            }
            if (open.commit()) {
                syncs.written();
            }
            syncs.poll(open, nowNanos);
        } catch (RuntimeException | Error e) {
            fail(open, e);
            return;
        }
        count(open);
        batch.forEach(call -> tell(told -> call.written()));
    }

    private void tidy(StoreFile open, long nowMillis, long nowNanos) {
        open.records().sweep(nowMillis);
        open.compact();
        if (nowNanos - shrunkNanos >= SHRINK_NANOS) {
            shrunkNanos = nowNanos;
            open.shrink();
        }
    }

    private void fail(StoreFile open, Throwable error) {
        isUp = false;
        StoreException why = opener.failed(error);
        file = null;
        syncs.reset();
        open.abandon();
        if (System.nanoTime() - upNanos > MAX_PAUSE_NANOS) {
            pauseNanos = FIRST_PAUSE_NANOS;
        }
        tell(told -> told.down(why));
        calls.failAll(why);
    }

    private void reopen() {
        if (calls.isClosed()) {
            return;
        }
        try {
            StoreFile open = opener.open();
            file = open;
            upNanos = System.nanoTime();
            count(open);
            isUp = true;
            tell(RecordStore.Listener::up);
        } catch (StoreException e) {
            calls.failAll(e);
        }
        pauseNanos = Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
    }

    private void end() {
        isUp = false;
        syncs.stop();
        StoreFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException e) {
                StoreException why = opener.failed(e);
                tell(told -> told.down(why));
            }
        }
    }

    /** A listener that fails must not end the work. */
    private void tell(Consumer<RecordStore.Listener> what) {
        try {
            what.accept(listener);
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private void count(StoreFile open) {
        records = open.records().count();
        bytes = open.bytes();
    }

    /** Opens the file again, and words its failures. */
    interface Opener {
        StoreFile open() throws StoreException;

        StoreException failed(Throwable error);
    }
}
