package net.voltlane.store.file;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import net.voltlane.server.store.StoreException;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;

/**
 * The open file of a store. Belongs to the worker, but for {@link #sync}.
 *
 * <p>H2 writes each version of the data to space that is free, and never over the version before. What it does not do by
 * itself is to leave the versions since the last sync alone until the next sync: then a power cut, after which writes may
 * be on the disk in any order, would find none of them whole. So the last synced version is pinned, as if somebody read it.
 */
final class StoreFile implements AutoCloseable {
    /** The maps in the file. What is in them changes only with {@link FileFormat#VERSION}. */
    private static final String RECORDS = "records";

    private static final String OVER_AT = "overAt";
    /** Below this percentage of live pages in all that was written, what is live is written anew, and the rest is free. */
    private static final int COMPACT_BELOW = 50;
    /** The bytes that are written anew at once, and the space that is moved at once to make the file shorter. */
    private static final int COMPACT_BYTES = 1 << 20;

    private static final int MOVE_BYTES = 4 << 20;

    private final MVStore store;
    private final Records records;
    private final OpenFiles.Place place;
    /** Versions whose space is left alone: the last that was synced, and the one that is being synced. */
    private final Deque<MVStore.TxCounter> pinned = new ArrayDeque<>();

    private StoreFile(MVStore store, OpenFiles.Place place) {
        this.store = store;
        this.place = place;
        store.setVersionsToKeep(0);
        store.setRetentionTime(0);
        records = new Records(
                store.openMap(RECORDS, map(KeptType.INSTANCE)), store.openMap(OVER_AT, map(LongDataType.INSTANCE)));
    }

    /**
     * Opens the file, or makes it. Reads all of it, so that damage is found now.
     *
     * @param prefix of a file system of H2's, for tests; empty for the real one
     * @param key the short name of the server's key
     * @throws StoreException if it can't be used; then it was not changed
     */
    static StoreFile open(Path path, String prefix, String key) throws StoreException {
        OpenFiles.Place place = OpenFiles.enter(path);
        try {
            FileFormat.makeIfMissing(place.path(), prefix, key);
            MVStore store = FileFormat.open(place.path(), prefix, key);
            try {
                StoreFile file = new StoreFile(store, place);
                file.start();
                return file;
            } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
                store.closeImmediately();
                throw Faults.damaged(path, e);
            }
        } catch (StoreException | RuntimeException e) {
            place.leave();
            throw e;
        }
    }

    private void start() {
        commit();
        sync();
        pin();
    }

    Records records() {
        return records;
    }

    /** Writes what was changed, so that it outlives the process. True if something was. */
    boolean commit() {
        return store.commit() >= 0;
    }

    /** Leaves alone, from now on, what is needed for the version that the next {@link #sync} brings to the disk. */
    void pin() {
        pinned.add(store.registerVersionUsage());
    }

    /** Brings everything that was committed to the disk. Any thread; takes as long as the disk does. */
    void sync() {
        store.sync();
    }

    /** Gives the space free that only versions before the last {@link #pin} use: it is on the disk. */
    void unpinOlder() {
        while (pinned.size() > 1) {
            store.deregisterVersionUsage(pinned.remove());
        }
    }

    /** Writes a part of what is live anew if much of the file is not. */
    void compact() {
        store.compact(COMPACT_BELOW, COMPACT_BYTES);
    }

    /** Moves what is at the end of the file to free space before it, if there is much of that. Syncs, so it takes its time. */
    void shrink() {
        if (store.getFileStore() instanceof RandomAccessStore file && store.getFillRate() < COMPACT_BELOW) {
            file.compactMoveChunks(COMPACT_BELOW, MOVE_BYTES, store);
        }
    }

    long bytes() {
        return store.getFileStore().size();
    }

    /** Closes the file in good order: what was committed is on the disk then. */
    @Override
    public void close() {
        try {
            store.commit();
            sync();
            pin();
            unpinOlder();
            store.deregisterVersionUsage(pinned.remove());
            store.close();
        } finally {
            store.closeImmediately(); // which does nothing if it is closed
            place.leave();
        }
    }

    /** Closes the file as it is, after a failure. */
    void abandon() {
        store.closeImmediately();
        place.leave();
    }

    private static <V> MVMap.Builder<Long, V> map(DataType<V> type) {
        return new MVMap.Builder<Long, V>().keyType(LongDataType.INSTANCE).valueType(type);
    }
}
