package net.voltlane.store.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreSettings;
import net.voltlane.server.store.StoredRecord;
import org.jspecify.annotations.Nullable;

/** A store in a file whose calls wait for their answers, and whose events are kept. */
final class TestStore implements AutoCloseable {
    static final String OWNER = "0123456789abcdef0123456789abcdef";
    static final String OTHER = "fedcba9876543210fedcba9876543210";
    static final String KEY = "SHA256:key";
    static final long KEEP_MILLIS = 60_000;
    /** Longer than any answer takes on a slow machine. */
    private static final long LIMIT_MILLIS = 60_000;

    final RecordStore store;
    final Events events;

    private TestStore(RecordStore store, Events events) {
        this.store = store;
        this.events = events;
    }

    static TestStore open(Path path) throws StoreException {
        return open(path, new AtomicLong(1_000_000)::get, "");
    }

    static TestStore open(Path path, LongSupplier wallMillis, String prefix) throws StoreException {
        return open(path, wallMillis, prefix, LIMIT_MILLIS);
    }

    static TestStore open(Path path, LongSupplier wallMillis, String prefix, long timeoutMillis) throws StoreException {
        return open(new StoreSettings(path, "", "", timeoutMillis, OWNER, KEY), wallMillis, prefix);
    }

    /** Opens it as a server with another key. */
    static TestStore open(Path path, String key) throws StoreException {
        return open(new StoreSettings(path, "", "", LIMIT_MILLIS, OWNER, key), new AtomicLong(1_000_000)::get, "");
    }

    private static TestStore open(StoreSettings settings, LongSupplier wallMillis, String prefix)
            throws StoreException {
        Events events = new Events();
        return new TestStore(FileRecordStore.open(settings, events, wallMillis, prefix), events);
    }

    List<Claimed> put(StoredRecord... records) throws StoreException {
        return answer(store.put(List.of(records)));
    }

    @Nullable
    StoredRecord find(long id) throws StoreException {
        return answer(store.find(id));
    }

    boolean claim(long id, long seen, String owner) throws StoreException {
        return answer(store.claim(id, seen, seen + 1, owner, KEEP_MILLIS));
    }

    void forget(long... ids) throws StoreException {
        List<Held> held = new ArrayList<>();
        for (long id : ids) {
            held.add(new Held(id, 1, 1));
        }
        answer(store.forget(OWNER, held));
    }

    @Override
    public void close() {
        store.close();
    }

    static StoredRecord record(long id) {
        return record(id, 1, OWNER, 20);
    }

    static StoredRecord record(long id, long epoch, String owner, int length) {
        byte[] sealed = new byte[length];
        for (int i = 0; i < length; i++) {
            sealed[i] = (byte) (id * 31 + i);
        }
        return new StoredRecord(id, epoch, owner, sealed, KEEP_MILLIS);
    }

    /** The answer, or the failure that it came to. */
    static <T extends @Nullable Object> T answer(CompletionStage<T> stage) throws StoreException {
        try {
            return stage.toCompletableFuture().get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException failed) {
                throw failed;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** The events that a listener heard, in order. */
    static final class Events implements RecordStore.Listener {
        private final List<String> all = new ArrayList<>();

        @Override
        public synchronized void claimed(Claimed by) {
            all.add("claimed " + by.id() + " " + by.epoch() + " " + by.owner());
        }

        @Override
        public synchronized void up() {
            all.add("up");
        }

        @Override
        public synchronized void down(StoreException why) {
            all.add("down " + why.getMessage());
        }

        synchronized List<String> all() {
            return List.copyOf(all);
        }
    }
}
