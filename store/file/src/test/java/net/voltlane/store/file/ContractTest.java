package net.voltlane.store.file;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.RecordStoreContract;
import net.voltlane.server.store.StoreSettings;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every store, kept by the store in a file. */
class ContractTest extends RecordStoreContract {
    private static final long TIMEOUT_MILLIS = 60_000;

    private final AtomicLong wallMillis = new AtomicLong(System.currentTimeMillis());

    @TempDir
    Path folder;

    @Override
    protected RecordStore open(String owner, RecordStore.Listener listener) throws Exception {
        StoreSettings settings =
                new StoreSettings(folder.resolve("sessions"), "", "", TIMEOUT_MILLIS, owner, TestStore.KEY);
        return FileRecordStore.open(settings, listener, wallMillis::get, "");
    }

    @Override
    protected void passes(Duration time) {
        wallMillis.addAndGet(time.toMillis());
    }

    @Override
    protected boolean isShared() {
        return false;
    }
}
