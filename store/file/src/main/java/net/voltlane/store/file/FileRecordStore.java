package net.voltlane.store.file;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreFacts;
import net.voltlane.server.store.StoreSettings;
import net.voltlane.server.store.StoredRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records in a file. What was answered outlives the end of the process, however that comes; a power cut takes what was
 * written in about the last second. Calls only wait in a queue; three threads of the store's own do the rest: the worker,
 * one that syncs the file, and one that fails calls for which the time is over.
 */
final class FileRecordStore implements RecordStore {
    static final String KIND = "file";
    private static final long CLOSE_MILLIS = 2_000;
    /** About what a call and a part of it take in memory, beside the sealed bytes. */
    private static final long CALL_BYTES = 200;

    private static final long PART_BYTES = 100;

    private final StoreSettings settings;
    private final Listener listener;
    private final Calls calls = new Calls();
    private final Worker worker;
    private final Thread thread;

    private FileRecordStore(StoreSettings settings, Listener listener, LongSupplier wallMillis, Worker.Opener opener)
            throws StoreException {
        this.settings = settings;
        this.listener = listener;
        worker = new Worker(opener.open(), opener, calls, listener, wallMillis);
        thread = Threads.daemon("voltlane-store", worker);
    }

    /**
     * Opens the store.
     *
     * @param wallMillis the wall clock
     * @param prefix of a file system of H2's, for tests; empty for the real one
     */
    static FileRecordStore open(StoreSettings settings, Listener listener, LongSupplier wallMillis, String prefix)
            throws StoreException {
        Path path = settings.path();
        FileRecordStore store = new FileRecordStore(settings, listener, wallMillis, new Worker.Opener() {
            @Override
            public StoreFile open() throws StoreException {
                return StoreFile.open(path, prefix, settings.fingerprint());
            }

            @Override
            public StoreException failed(Throwable error) {
                return Faults.failed(path, error);
            }
        });
        store.start();
        return store;
    }

    private void start() {
        thread.start();
        Threads.daemon("voltlane-store-watch", this::watch).start();
    }

    @Override
    public CompletionStage<List<Claimed>> put(List<StoredRecord> records) {
        List<StoredRecord> all = List.copyOf(records);
        long sealed = all.stream().mapToLong(record -> record.sealed().length).sum();
        return ask((file, now) -> file.put(all, now), all.size() * PART_BYTES + sealed);
    }

    @Override
    @SuppressWarnings("NullAway") // it takes a type parameter that may be null for one that may not
    public CompletionStage<@Nullable StoredRecord> find(long id) {
        return ask((file, now) -> file.find(id, now), 0);
    }

    @Override
    public CompletionStage<Boolean> claim(long id, long seenEpoch, long nextEpoch, String owner, long keepMillis) {
        if (nextEpoch <= seenEpoch) {
            throw new IllegalArgumentException("epochs only rise: " + seenEpoch + " to " + nextEpoch);
        }
        Claimed next = new Claimed(id, nextEpoch, owner);
        AtomicReference<@Nullable String> former = new AtomicReference<>();
        return ask(
                (file, now) -> {
                    former.set(file.claim(id, seenEpoch, next, keepMillis, now));
                    return former.get() != null;
                },
                granted -> {
                    if (settings.owner().equals(former.get())
                            && !settings.owner().equals(owner)) {
                        listener.claimed(next);
                    }
                },
                0);
    }

    @Override
    public CompletionStage<List<Claimed>> keep(String owner, List<Held> records) {
        List<Held> all = List.copyOf(records);
        return ask((file, now) -> file.keep(owner, all, now), all.size() * PART_BYTES);
    }

    @Override
    @SuppressWarnings("NullAway") // as in find
    public CompletionStage<@Nullable Void> forget(String owner, List<Held> records) {
        List<Held> all = List.copyOf(records);
        return this.<@Nullable Void>ask(
                (file, now) -> {
                    file.forget(owner, all);
                    return null;
                },
                all.size() * PART_BYTES);
    }

    private <T extends @Nullable Object> CompletableFuture<T> ask(Call.Work<T> work, long weightBytes) {
        return ask(work, answer -> {}, weightBytes);
    }

    private <T extends @Nullable Object> CompletableFuture<T> ask(
            Call.Work<T> work, Consumer<T> first, long weightBytes) {
        Call<T> call = new Call<>(work, first, CALL_BYTES + weightBytes, System.nanoTime());
        if (worker.isUp()) {
            calls.add(call);
        } else {
            call.fail(new StoreException("the store in " + settings.path() + " is not there"));
        }
        return call.answer();
    }

    @Override
    public boolean isUp() {
        return worker.isUp();
    }

    @Override
    public @Nullable Fleet fleet() {
        return null;
    }

    @Override
    public StoreFacts facts() {
        return worker.facts(KIND, settings.path().toString());
    }

    @Override
    public void close() {
        StoreException closed = new StoreException("the store in " + settings.path() + " is closed");
        calls.close(closed);
        if (Thread.currentThread() != thread) {
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            calls.failAll(closed);
        }
    }

    /** Fails calls whose time is over, also while the worker waits for its disk. */
    private void watch() {
        long limitNanos = TimeUnit.MILLISECONDS.toNanos(settings.timeoutMillis());
        StoreException late = new StoreException(
                "the store in " + settings.path() + " has not answered within " + settings.timeoutMillis() + " ms");
        while (!calls.isClosed()) {
            calls.pause(Math.max(limitNanos / 8, TimeUnit.MILLISECONDS.toNanos(5)));
            calls.failOlderThan(limitNanos, System.nanoTime(), late);
        }
    }
}
