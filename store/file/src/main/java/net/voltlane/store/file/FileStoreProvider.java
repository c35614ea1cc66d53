package net.voltlane.store.file;

import java.nio.file.Files;
import java.nio.file.Path;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreProvider;
import net.voltlane.server.store.StoreSettings;

/** The kind {@code file}. Made by {@link java.util.ServiceLoader}; stateless. */
public final class FileStoreProvider implements StoreProvider {
    /** A provider, as {@link java.util.ServiceLoader} wants it. */
    public FileStoreProvider() {}

    @Override
    public String kind() {
        return FileRecordStore.KIND;
    }

    /** Looks at the names only: the file may be open, in this process as well. */
    @Override
    public void check(StoreSettings settings) throws StoreException {
        Path path = settings.path().toAbsolutePath();
        Path folder = path.getParent();
        if (folder == null || Files.isDirectory(path)) {
            throw Faults.noFile(settings.path());
        }
        if (!Files.isDirectory(folder)) {
            throw Faults.noFolder(settings.path(), null);
        }
    }

    @Override
    public RecordStore open(StoreSettings settings, RecordStore.Listener listener) throws StoreException {
        check(settings);
        return FileRecordStore.open(settings, listener, System::currentTimeMillis, "");
    }
}
