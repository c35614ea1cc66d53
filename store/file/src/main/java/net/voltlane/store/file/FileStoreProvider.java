package net.voltlane.store.file;

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
        OpenFiles.real(settings.path());
    }

    @Override
    public RecordStore open(StoreSettings settings, RecordStore.Listener listener) throws StoreException {
        return FileRecordStore.open(settings, listener, System::currentTimeMillis, "");
    }
}
