package net.voltlane.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;

/** Events that a store's listener hears, in order. */
final class Heard implements RecordStore.Listener {
    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void claimed(Claimed by) {
        events.add("claimed " + by);
    }

    @Override
    public void up() {
        events.add("up");
    }

    @Override
    public void down(StoreException why) {
        assertThat(why.getCause()).isNull();
        events.add("down: " + why.getMessage());
    }

    String next() throws InterruptedException {
        return String.valueOf(events.poll(60, TimeUnit.SECONDS));
    }

    void awaitUp() throws InterruptedException {
        assertThat(next()).isEqualTo("up");
    }

    /** Waits for the store to be down; returns the reason. */
    String awaitDown() throws InterruptedException {
        String next = next();
        assertThat(next).startsWith("down: ");
        return next.substring("down: ".length());
    }
}
