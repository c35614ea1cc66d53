package net.voltlane.store.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import net.voltlane.server.store.StoreException;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * A file as the store makes it, and how it is told from others. Made under another name and then linked to its own: so a
 * file of that name is always whole, whenever the server was killed, and whatever else is found there is not the store's.
 */
final class FileFormat {
    /** Of the maps and of what is in them. */
    static final String VERSION = "1";

    private static final String ABOUT = "voltlane";
    private static final String FORMAT = "format";
    private static final String KEY = "key";
    /** The beginning of a file of H2's; each of the first two blocks does. */
    private static final byte[] HEADER = "H:".getBytes(StandardCharsets.US_ASCII);

    private static final int BLOCK_BYTES = 4_096;
    /** Of a page in memory. A change of a time, or the end of a session, writes one page anew. */
    private static final int PAGE_BYTES = 4_096;

    private static final int CACHE_MIB = 16;

    private FileFormat() {}

    /**
     * Makes a new file, for its owner only, where none or an empty one is.
     *
     * @param key the short name of the key of the server that the file is for
     */
    static void makeIfMissing(Path path, String prefix, String key) throws StoreException {
        try {
            if (Files.exists(path) && Files.size(path) > 0) {
                return;
            }
            Path folder = path.toAbsolutePath().getParent();
            Path fresh = Files.createTempFile(folder, path.getFileName() + "-", ".new", forItsOwner(path));
            try {
                try (MVStore store = builder(fresh, prefix).open()) {
                    about(store).put(FORMAT, VERSION);
                    about(store).put(KEY, key);
                    store.commit();
                }
                Files.deleteIfExists(path);
                // Unlike a move, this fails if another server was quicker.
                Files.createLink(path, fresh);
            } catch (FileAlreadyExistsException e) {
                // The other one's is as good.
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException | RuntimeException e) {
            throw Faults.readOnly(path, e);
        }
    }

    /** Opens a file that exists, if it is a store's, and of a server with this key. Changes nothing in another one. */
    static MVStore open(Path path, String prefix, String key) throws StoreException {
        if (!hasHeader(path)) {
            throw Faults.notOurs(path);
        }
        MVStore store;
        try {
            // Now, since whoever closes the file another time gives up its lock.
            long syncedVersion = TwoHeaders.syncedVersion(path);
            store = builder(path, prefix).open();
            if (store.getCurrentVersion() < syncedVersion) {
                // After a power cut H2 has found an old part that is whole before it looked at the second header.
                store.closeImmediately();
                TwoHeaders.useSecond(path);
                store = builder(path, prefix).open();
            }
        } catch (MVStoreException e) {
            throw Faults.onOpen(path, e);
        } catch (IOException e) {
            throw Faults.readOnly(path, e);
        } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
            throw Faults.damaged(path, e);
        }
        try {
            check(path, store, key);
            return store;
        } catch (StoreException e) {
            store.closeImmediately();
            throw e;
        } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
            store.closeImmediately();
            throw Faults.damaged(path, e);
        }
    }

    private static void check(Path path, MVStore store, String key) throws StoreException {
        if (store.getFileStore().isReadOnly()) {
            throw Faults.readOnly(path, null);
        }
        if (store.getMapNames().isEmpty()) {
            // H2 takes a file without any part that is whole for a new one.
            throw Faults.damaged(path, new IOException("nothing in it is whole"));
        }
        if (!store.hasMap(ABOUT)) {
            throw Faults.notOurs(path);
        }
        String format = about(store).get(FORMAT);
        if (!VERSION.equals(format)) {
            throw Faults.otherFormat(path, String.valueOf(format));
        }
        String theirs = about(store).putIfAbsent(KEY, key); // the first files had none
        if (theirs != null && !theirs.equals(key)) {
            throw Faults.otherKey(path, key, theirs);
        }
    }

    private static boolean hasHeader(Path path) throws StoreException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] blocks = in.readNBytes(2 * BLOCK_BYTES);
            return isHeader(blocks, 0) || isHeader(blocks, BLOCK_BYTES);
        } catch (IOException e) {
            throw Faults.readOnly(path, e);
        }
    }

    private static boolean isHeader(byte[] blocks, int at) {
        return blocks.length >= at + HEADER.length && blocks[at] == HEADER[0] && blocks[at + 1] == HEADER[1];
    }

    private static MVMap<String, String> about(MVStore store) {
        return store.openMap(ABOUT);
    }

    private static MVStore.Builder builder(Path path, String prefix) {
        return new MVStore.Builder()
                .fileName(TwoHeaders.prefix() + prefix + path)
                .autoCommitDisabled()
                .autoCommitBufferSize(0)
                .pageSplitSize(PAGE_BYTES)
                .cacheSize(CACHE_MIB);
    }

    private static FileAttribute<?>[] forItsOwner(Path path) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }
}
