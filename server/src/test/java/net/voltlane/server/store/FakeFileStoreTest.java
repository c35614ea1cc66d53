package net.voltlane.server.store;

import java.time.Duration;

/** The contract for a store that belongs to one server. */
final class FakeFileStoreTest extends RecordStoreContract {
    private final FakeStorage storage = new FakeStorage(false);

    @Override
    protected RecordStore open(String owner, RecordStore.Listener listener) {
        return storage.open(owner, listener);
    }

    @Override
    protected void passes(Duration time) {
        storage.passes(time);
    }

    @Override
    protected boolean isShared() {
        return false;
    }
}
